"""How much of a model's context a conversation takes."""

from msgspec import Struct

from app.domain.conversation import MessageId
from app.domain.tokens import TokenCount


class ContextUse(Struct, frozen=True, kw_only=True):
    """
    What the next message would send.

    `context_tokens` is None where nobody knows how much the model reads: then nothing is left out. `left_out`
    messages, the oldest, do not fit; what is sent begins with `begins_with`, None if that is the draft itself.
    `cost` is what the conversation's answers have cost in US dollars so far, None if nothing is known;
    `unpriced` of them are not in it. `is_free`: this model costs nothing.
    """

    count: TokenCount
    context_tokens: int | None = None
    left_out: int = 0
    begins_with: MessageId | None = None
    cost: float | None = None
    unpriced: int = 0
    is_free: bool = False

    @property
    def share(self) -> float | None:
        """Of the context, 1.0 for all of it; None if that is not known."""
        return self.count.tokens / self.context_tokens if self.context_tokens else None
