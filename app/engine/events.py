"""
What happened. The only thing the engine says to the rest of the app.

Longer than other files: a flat list, to be looked through as one.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

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


class ConversationsListed(Struct, frozen=True):
    """The library was read from disk: newest first."""

    conversations: tuple[Conversation, ...]


class ConversationAdded(Struct, frozen=True):
    conversation: Conversation


class ConversationRenamed(Struct, frozen=True):
    conversation_id: ConversationId
    title: str


class ConversationDeleted(Struct, frozen=True):
    conversation_id: ConversationId


class ConversationLoaded(Struct, frozen=True):
    """
    All its messages are known, in the order they were written; of a short one the texts are in memory, too.

    `heights` are those that messages had on screen in this shape, as far as they were kept.
    """

    conversation_id: ConversationId
    messages: tuple[KnownMessage, ...]
    shape: RowShape
    heights: Mapping[MessageId, int]


class EndRead(Struct, frozen=True):
    """
    The end of the branch on screen is in memory, with its texts. What is above it is not known yet.

    Comes before ConversationLoaded, for a long conversation.
    """

    conversation_id: ConversationId
    messages: tuple[Message, ...]


class ConversationUnloaded(Struct, frozen=True):
    """It is on disk only, as before it was opened: nobody has looked at it for long."""

    conversation_id: ConversationId


class TextsRead(Struct, frozen=True):
    """Texts that were on disk only are in memory."""

    messages: tuple[Message, ...]


class TextsForgotten(Struct, frozen=True):
    """Texts of messages that nobody looks at are on disk only again."""

    message_ids: tuple[MessageId, ...]


class RowsMeasured(Struct, frozen=True):
    """So high were messages on screen, in pixels."""

    shape: RowShape
    heights: Mapping[MessageId, int]


class MessageAdded(Struct, frozen=True):
    """A message joined the tree and is now the leaf of its conversation's branch on screen."""

    message: Message


class LeafChanged(Struct, frozen=True):
    """Another branch is on screen."""

    conversation_id: ConversationId
    leaf_id: MessageId | None


class MessagesDeleted(Struct, frozen=True):
    conversation_id: ConversationId
    message_ids: tuple[MessageId, ...]
    leaf_id: MessageId | None


class DeltaReceived(Struct, frozen=True):
    message_id: MessageId
    text: str


class ReasoningReceived(Struct, frozen=True):
    message_id: MessageId
    text: str


class GenerationEnded(Struct, frozen=True, kw_only=True):
    """An answer reached its last status. Comes exactly once per generating message."""

    message_id: MessageId
    status: MessageStatus
    stop_reason: str | None = None
    fault: Fault | None = None
    usage: Usage | None = None
    timing: Timing = field(default_factory=Timing)


class MessageSaved(Struct, frozen=True, kw_only=True):
    """An ended answer is on disk, for good. The disk's status is the last word if another process was first."""

    message_id: MessageId
    status: MessageStatus
    stop_reason: str | None
    committed_ms: float


class UsageCounted(Struct, frozen=True):
    """What an answer took that its provider did not tell of has been counted, and is on disk."""

    message_id: MessageId
    usage: Usage


class SaveFailed(Struct, frozen=True):
    """An ended answer or a sent message could not be written yet; it is kept in memory and tried again."""

    message_id: MessageId
    fault: Fault


class ProviderChanged(Struct, frozen=True):
    state: ProviderState


class ProviderRemoved(Struct, frozen=True):
    provider_id: ProviderId


class ProvidersOrdered(Struct, frozen=True):
    """All providers there are, in the user's order."""

    provider_ids: tuple[ProviderId, ...]


class ModelSelected(Struct, frozen=True):
    ref: ModelRef


class ConversationModelChanged(Struct, frozen=True):
    """Another model answers in a conversation from now on."""

    conversation_id: ConversationId
    ref: ModelRef


class ConnectionTested(Struct, frozen=True):
    """What became of a test of a provider's set-up: a real request of one token. `fault` is None if it was answered."""

    provider_id: ProviderId
    fault: Fault | None
    models: tuple[ModelInfo, ...] = ()
    took_ms: float = 0.0


class DiagnosisMade(Struct, frozen=True):
    diagnosis: Diagnosis


class LocalServersFound(Struct, frozen=True):
    """What answers on this computer."""

    servers: tuple[LocalServer, ...]


class LocalFileRead(Struct, frozen=True):
    """What a model file on this computer says of itself, or why that can't be known: before it is loaded."""

    path: str
    file: ModelFile | None
    fault: Fault | None
    free_memory_bytes: int | None = None


class KeyringChanged(Struct, frozen=True):
    """How the system's keyring is, as far as it was asked."""

    state: KeyringState


class RetryScheduled(Struct, frozen=True, kw_only=True):
    """
    The provider asked to wait before anything of the answer came; it is asked again at `at_ns` (monotonic).

    The message goes on generating meanwhile, and Stop ends the wait.
    """

    message_id: MessageId
    fault: Fault
    attempt: int  # the one to come; the first request was 1
    at_ns: int


class RetryBegun(Struct, frozen=True):
    """The wait is over, the provider is being asked again."""

    message_id: MessageId


class ContextMeasured(Struct, frozen=True):
    """What the next message of a conversation would send (None: of a new one). `use` is None if it can't be told."""

    conversation_id: ConversationId | None
    use: ContextUse | None


class UsageSummed(Struct, frozen=True):
    """What was used on the last days: the newest day first, of a day the model with most tokens first."""

    today: date
    days: tuple[DayOfModel, ...]


class FaultOccurred(Struct, frozen=True):
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
