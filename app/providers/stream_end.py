"""How a stream ended, as far as it is known, and whether that is a failure."""

from app.domain.completion import FinishReason
from app.domain.errors import AnswerEmpty, ContentFiltered, StreamBroken

_FAILED_REASONS = frozenset({"error", "insufficient_system_resource", "network_error"})  # OpenRouter, DeepSeek, Zhipu


class StreamEnd:
    """What is known of the end of a stream so far."""

    def __init__(self) -> None:
        self.is_done = False
        self.has_begun = False  # a word of the answer, or of what the model thinks, has come
        self.reason: FinishReason | None = None
        self.word = ""  # the provider's own
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None

    def check(self) -> None:
        """
        Tell an end that is a failure from one that is none.

        Raises:
            ContentFiltered, StreamBroken, AnswerEmpty
        """
        if self.reason is FinishReason.CONTENT_FILTER:
            raise ContentFiltered
        if self.word in _FAILED_REASONS:
            raise StreamBroken(f"the provider ended it: {self.word}")
        if not self.has_begun and self.reason in (None, FinishReason.STOP):
            raise AnswerEmpty

    def note_reason(self, word: str) -> None:
        self.word = word
        try:
            self.reason = FinishReason(word)
        except ValueError:
            self.reason = FinishReason.OTHER
