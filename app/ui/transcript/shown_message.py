"""A message as it was handed to the transcript, and what came to it since."""

from app.domain.conversation import Message, Role

ESTIMATED_ROW_PX = 66
ESTIMATED_LINE_PX = 28
ESTIMATED_LINE_CHARACTERS = 90


class ShownMessage:
    """`text` and `reasoning` are pieces that are appended to and never changed."""

    __slots__ = ("message", "reasoning", "receipt", "receipt_tooltip", "shows_reasoning", "text")

    def __init__(self, message: Message) -> None:
        self.message = message
        self.text = [message.content] if message.content else []
        self.reasoning = [message.reasoning] if message.reasoning else []
        self.receipt = ""
        self.receipt_tooltip = ""
        self.shows_reasoning = False

    @property
    def is_generating(self) -> bool:
        return not self.message.status.is_terminal

    @property
    def is_from_user(self) -> bool:
        return self.message.role is Role.USER

    @property
    def whole_text(self) -> str:
        return "".join(self.text)

    def end(self, message: Message) -> bool:
        """
        Take the message as it ended, with what of it was not handed in yet.

        False if its text is another one than was shown.
        """
        self.message = message
        _complete(self.reasoning, message.reasoning)
        if not message.content or _complete(self.text, message.content):
            return True
        self.text = [message.content]
        return False

    def estimated_height(self) -> int:
        """Without looking at the text closely: 10,000 of these are asked for at once."""
        content = self.message.content
        lines = len(content) // ESTIMATED_LINE_CHARACTERS + content.count("\n") + 1
        return ESTIMATED_ROW_PX + ESTIMATED_LINE_PX * lines


def _complete(pieces: list[str], whole: str) -> bool:
    """Add what is missing. False if `whole` does not begin with the pieces."""
    known = "".join(pieces)
    if not whole.startswith(known):
        return False
    if len(whole) > len(known):
        pieces.append(whole[len(known) :])
    return True
