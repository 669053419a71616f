"""What a row of the tables of models says, and how rows are written."""

from datetime import date

from msgspec import Struct

from app.domain.model import Price


class KnownModel(Struct, frozen=True, kw_only=True):
    """
    `names` are ids without what stands before the last slash; dated and "-latest" forms of them count too, and * stands
    for anything. A price is for prompts of ordinary length: several makers ask up to twice as much for long ones.
    """

    names: tuple[str, ...]
    context_tokens: int | None = None
    output_tokens: int | None = None
    reads_images: bool | None = None
    uses_tools: bool | None = None
    reasons: bool | None = None
    price: Price | None = None


class Maker(Struct, frozen=True, kw_only=True):
    """A maker's models. `hosts` are the addresses at which the prices count; `checked` is the day of the source."""

    hosts: tuple[str, ...]
    checked: date
    source: str
    models: tuple[KnownModel, ...]


def model(
    names: str,
    context_tokens: int | None = None,
    output_tokens: int | None = None,
    *,
    can: str = "",
    price: Price | None = None,
) -> KnownModel:
    """Write a row. `names` are separated by spaces; `can` has the words images, tools and reasons; others are no."""
    words = can.split()
    return KnownModel(
        names=tuple(names.split()),
        context_tokens=context_tokens,
        output_tokens=output_tokens,
        reads_images="images" in words,
        uses_tools="tools" in words,
        reasons="reasons" in words,
        price=price,
    )


def dollars(day: date, asked: float, answered: float, cached: float | None = None) -> Price:
    """Write a price for a million tokens of prompt, of answer, and of prompt that was read before."""
    return Price(input=asked, output=answered, cached_input=cached, checked=day)
