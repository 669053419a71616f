"""Prices in sentences: whose word they are, and of which day."""

from datetime import UTC, date, datetime

from app.domain.model import Price


def amount(dollars: float) -> str:
    """Write a price as a person would: 10, 2.50, 0.075. Nothing of it is rounded away."""
    if dollars == int(dollars):
        return f"{dollars:.0f}"
    exact = f"{dollars:.9f}".rstrip("0")
    return f"{dollars:.2f}" if len(exact.partition(".")[2]) < 2 else exact


def price_in_words(price: Price) -> str:
    """$2.50 in, $10 out, $1.25 cached."""
    if price.is_free:
        return "free"
    words = f"${amount(price.input)} in, ${amount(price.output)} out"
    return words if price.cached_input is None else f"{words}, ${amount(price.cached_input)} cached"


def known_sentence(price: Price | None, listed_at_ms: int | None, *, is_local: bool) -> str:
    """Say what counts where the user has entered nothing. A price without a day is the provider's own word."""
    if is_local:
        return "It runs on this computer: free."
    if price is None:
        return "Neither the provider's list nor Belay's table names its price."
    if price.checked is not None:
        return f"Belay's table: {price_in_words(price)} (as of {_in_words(price.checked)})."
    if listed_at_ms is None:
        return f"The provider's list: {price_in_words(price)}."
    listed = datetime.fromtimestamp(listed_at_ms / 1_000, tz=UTC).astimezone().date()
    return f"The provider's list: {price_in_words(price)} (as of {_in_words(listed)})."


def take_back_label(price: Price | None, *, is_local: bool) -> str:
    """The label of the button that has the known price count again."""
    if is_local or price is None:
        return "Remove my price"
    return "Use the table's price" if price.checked is not None else "Use the list's price"


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
