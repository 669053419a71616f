"""
What happened. The only thing the engine says to the rest of the app.

Longer than other files: a flat list, to be looked through as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.context_use import ContextUse
from app.domain.conversation import Conversation, ConversationId, KnownMessage, Message, MessageId, MessageStatus
from app.domain.diagnosis import Diagnosis
from app.domain.errors import Fault
from app.domain.keys import KeyringState
from app.domain.local_model import ModelFile
from app.domain.model import ModelInfo, ModelRef, ProviderId
from app.domain.provider import ProviderState
from app.domain.provider_config import LocalServer
from app.domain.row_shape import RowShape
from app.domain.usage import Timing, Usage
from app.domain.usage_report import DayOfModel


@dataclass(frozen=True, slots=True)
class ConversationsListed:
    """The library was read from disk: newest first."""

    conversations: tuple[Conversation, ...]


@dataclass(frozen=True, slots=True)
class ConversationAdded:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationRenamed:
    conversation_id: ConversationId
    title: str


@dataclass(frozen=True, slots=True)
class ConversationDeleted:
    conversation_id: ConversationId


@dataclass(frozen=True, slots=True)
class ConversationLoaded:
    """
    All its messages are known, in the order they were written; of a short one the texts are in memory, too.

    `heights` are those that messages had on screen in this shape, as far as they were kept.
    """

    conversation_id: ConversationId
    messages: tuple[KnownMessage, ...]
    shape: RowShape
    heights: Mapping[MessageId, int]


@dataclass(frozen=True, slots=True)
class EndRead:
    """
    The end of the branch on screen is in memory, with its texts. What is above it is not known yet.

    Comes before ConversationLoaded, for a long conversation.
    """

    conversation_id: ConversationId
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ConversationUnloaded:
    """It is on disk only, as before it was opened: nobody has looked at it for long."""

    conversation_id: ConversationId


@dataclass(frozen=True, slots=True)
class TextsRead:
    """Texts that were on disk only are in memory."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class TextsForgotten:
    """Texts of messages that nobody looks at are on disk only again."""

    message_ids: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class RowsMeasured:
    """So high were messages on screen, in pixels."""

    shape: RowShape
    heights: Mapping[MessageId, int]


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """A message joined the tree and is now the leaf of its conversation's branch on screen."""

    message: Message


@dataclass(frozen=True, slots=True)
class LeafChanged:
    """Another branch is on screen."""

    conversation_id: ConversationId
    leaf_id: MessageId | None


@dataclass(frozen=True, slots=True)
class MessagesDeleted:
    conversation_id: ConversationId
    message_ids: tuple[MessageId, ...]
    leaf_id: MessageId | None


@dataclass(frozen=True, slots=True)
class DeltaReceived:
    message_id: MessageId
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningReceived:
    message_id: MessageId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationEnded:
    """An answer reached its last status. Comes exactly once per generating message."""

    message_id: MessageId
    status: MessageStatus
    stop_reason: str | None = None
    fault: Fault | None = None
    usage: Usage | None = None
    timing: Timing = field(default_factory=Timing)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSaved:
    """An ended answer is on disk, for good. The disk's status is the last word if another process was first."""

    message_id: MessageId
    status: MessageStatus
    stop_reason: str | None
    committed_ms: float


@dataclass(frozen=True, slots=True)
class UsageCounted:
    """What an answer took that its provider did not tell of has been counted, and is on disk."""

    message_id: MessageId
    usage: Usage


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """An ended answer or a sent message could not be written yet; it is kept in memory and tried again."""

    message_id: MessageId
    fault: Fault


@dataclass(frozen=True, slots=True)
class ProviderChanged:
    state: ProviderState


@dataclass(frozen=True, slots=True)
class ProviderRemoved:
    provider_id: ProviderId


@dataclass(frozen=True, slots=True)
class ProvidersOrdered:
    """All providers there are, in the user's order."""

    provider_ids: tuple[ProviderId, ...]


@dataclass(frozen=True, slots=True)
class ModelSelected:
    ref: ModelRef


@dataclass(frozen=True, slots=True)
class ConversationModelChanged:
    """Another model answers in a conversation from now on."""

    conversation_id: ConversationId
    ref: ModelRef


@dataclass(frozen=True, slots=True)
class ConnectionTested:
    """What became of a test of a provider's set-up: a real request of one token. `fault` is None if it was answered."""

    provider_id: ProviderId
    fault: Fault | None
    models: tuple[ModelInfo, ...] = ()
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class DiagnosisMade:
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class LocalServersFound:
    """What answers on this computer."""

    servers: tuple[LocalServer, ...]


@dataclass(frozen=True, slots=True)
class LocalFileRead:
    """What a model file on this computer says of itself, or why that can't be known: before it is loaded."""

    path: str
    file: ModelFile | None
    fault: Fault | None
    free_memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class KeyringChanged:
    """How the system's keyring is, as far as it was asked."""

    state: KeyringState


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryScheduled:
    """
    The provider asked to wait before anything of the answer came; it is asked again at `at_ns` (monotonic).

    The message goes on generating meanwhile, and Stop ends the wait.
    """

    message_id: MessageId
    fault: Fault
    attempt: int  # the one to come; the first request was 1
    at_ns: int


@dataclass(frozen=True, slots=True)
class RetryBegun:
    """The wait is over, the provider is being asked again."""

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class ContextMeasured:
    """What the next message of a conversation would send (None: of a new one). `use` is None if it can't be told."""

    conversation_id: ConversationId | None
    use: ContextUse | None


@dataclass(frozen=True, slots=True)
class UsageSummed:
    """What was used on the last days: the newest day first, of a day the model with most tokens first."""

    today: date
    days: tuple[DayOfModel, ...]


@dataclass(frozen=True, slots=True)
class FaultOccurred:
    """Something failed that belongs to no message."""

    fault: Fault


Event = (
    ConversationsListed
    | ConversationAdded
    | ConversationRenamed
    | ConversationDeleted
    | ConversationLoaded
    | EndRead
    | ConversationUnloaded
    | TextsRead
    | TextsForgotten
    | RowsMeasured
    | MessageAdded
    | LeafChanged
    | MessagesDeleted
    | DeltaReceived
    | ReasoningReceived
    | GenerationEnded
    | MessageSaved
    | UsageCounted
    | SaveFailed
    | ProviderChanged
    | ProviderRemoved
    | ProvidersOrdered
    | ModelSelected
    | ConversationModelChanged
    | ConnectionTested
    | DiagnosisMade
    | LocalServersFound
    | LocalFileRead
    | KeyringChanged
    | RetryScheduled
    | RetryBegun
    | ContextMeasured
    | UsageSummed
    | FaultOccurred
)
