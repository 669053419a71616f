"""What the list of models holds, from top to bottom: favourites, what was used last, then each provider's models."""

import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from app.domain.model import BUILT_IN, ModelInfo, ModelRef, ProviderId
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.settings import OwnPrice
from app.ui.models.words import facts, phase_sentence
from app.ui.text import RETRY

OWN_PRICE = "The price is your own"
FAVORITES, RECENT = "Favourites", "Used last"
NO_PROVIDER, NO_MATCH = "There is no provider yet", "No model matches"
_MODELS_WORTH_A_SHORTCUT = 8  # of fewer, the whole list is seen at a glance


class EntryKind(Enum):
    HEADING = auto()
    MODEL = auto()
    START = auto()  # its models are known once it is connected: choosing it does that
    RETRY = auto()
    SENTENCE = auto()


class Entry(Struct, frozen=True):
    """
    One row.

    `provider` is None for a heading that is no provider's, `info` is there for a MODEL. `is_elsewhere`: the row is
    not below its provider's heading, so that it has to name it.
    """

    kind: EntryKind
    text: str
    provider: ProviderState | None = None
    info: ModelInfo | None = None
    is_favorite: bool = False
    is_chosen: bool = False
    is_elsewhere: bool = False
    has_own_price: bool = False

    @property
    def can_be_priced(self) -> bool:
        return self.kind is EntryKind.MODEL and self.provider is not None and self.provider.id != BUILT_IN

    @property
    def can_be_chosen(self) -> bool:
        return self.kind in (EntryKind.MODEL, EntryKind.START, EntryKind.RETRY)

    @property
    def ref(self) -> ModelRef | None:
        """The model that choosing it asks for."""
        if self.provider is None or self.kind not in (EntryKind.MODEL, EntryKind.START):
            return None
        return ModelRef(self.provider.id, self.info.id if self.info else "")

    @property
    def key(self) -> tuple[EntryKind, ProviderId | None, str, bool]:
        """The same for the same row of an older list."""
        return self.kind, self.provider.id if self.provider else None, self.text, self.is_elsewhere

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        if self.info is None or self.provider is None:
            status = phase_sentence(self.provider) if self.kind is EntryKind.HEADING and self.provider else ""
            return f"{self.text}, {status}" if status else self.text
        states = (
            OWN_PRICE if self.has_own_price else "",
            "favourite" if self.is_favorite else "",
            "chosen" if self.is_chosen else "",
        )
        return ", ".join(filter(None, (self.text, self.provider.name, *facts(self.info), *states)))


class Offer(Struct, frozen=True):
    """All that there is to choose from."""

    providers: tuple[ProviderState, ...] = ()
    chosen: ModelRef | None = None
    favorites: tuple[ModelRef, ...] = ()
    recent: tuple[ModelRef, ...] = ()
    own_prices: tuple[OwnPrice, ...] = ()

    def described(self, provider: ProviderState, model: str) -> ModelInfo:
        """What is known of a model; a price of the user's counts before the provider's or the catalog's."""
        info = provider.model(model) or ModelInfo(id=model)
        for own in self.own_prices:
            if own.ref == ModelRef(provider.id, model):
                return replace(info, price=own.price)
        return info


def entries_of(offer: Offer) -> tuple[Entry, ...]:
    """The whole list."""
    if not offer.providers:
        return (Entry(EntryKind.SENTENCE, NO_PROVIDER),)
    rows = _group(FAVORITES, offer, offer.favorites)
    if sum(len(each.models) for each in offer.providers) > _MODELS_WORTH_A_SHORTCUT:
        rows += _group(RECENT, offer, [each for each in offer.recent if each not in offer.favorites])
    for provider in offer.providers:
        rows += _of_provider(offer, provider)
    return tuple(rows)


def matching(rows: Sequence[Entry], query: str) -> tuple[Entry, ...]:
    """
    The models that every word of the query is found in, by their own names or their provider's, under headings.

    If there is none, those in which the letters of each word follow each other at least: "snet" finds "sonnet".
    """
    words = folded(query).split()
    if not words:
        return tuple(rows)
    for is_fuzzy in (False, True):
        if found := _kept(rows, words, is_fuzzy=is_fuzzy):
            return found
    return (Entry(EntryKind.SENTENCE, NO_MATCH),)


def folded(text: str) -> str:
    """Without case and accents, to compare by."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _kept(rows: Sequence[Entry], words: Sequence[str], *, is_fuzzy: bool) -> tuple[Entry, ...]:
    kept: list[Entry] = []
    heading: Entry | None = None
    seen: set[ModelRef] = set()
    for row in rows:
        if row.kind is EntryKind.HEADING:
            heading = row
        elif (
            row.kind is EntryKind.MODEL and row.ref is not None and row.ref not in seen and _fits(row, words, is_fuzzy)
        ):
            seen.add(row.ref)
            if heading is not None:
                kept.append(heading)
                heading = None
            kept.append(row)
    return tuple(kept)


def _fits(row: Entry, words: Iterable[str], is_fuzzy: bool) -> bool:
    assert row.provider is not None
    assert row.info is not None
    text = folded(f"{row.text} {row.info.id} {row.provider.name}")
    if not is_fuzzy:
        return all(word in text for word in words)
    parts = text.split()
    return all(any(_follow(word, part) for part in parts) for word in words)


def _follow(letters: str, text: str) -> bool:
    """Whether the text has these letters, in this order, beginning with the first of one of its parts."""
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _group(title: str, offer: Offer, refs: Sequence[ModelRef]) -> list[Entry]:
    known = {provider.id: provider for provider in offer.providers}
    rows = [
        _model(offer, known[ref.provider_id], ref.model, is_elsewhere=True)
        for ref in refs
        if ref.provider_id in known and ref.model
    ]
    return [Entry(EntryKind.HEADING, title), *rows] if rows else []


def _of_provider(offer: Offer, provider: ProviderState) -> list[Entry]:
    rows = [Entry(EntryKind.HEADING, provider.name, provider)]
    rows += [_model(offer, provider, info.id, is_elsewhere=False) for info in provider.models]
    if provider.fault is not None and provider.phase is ProviderPhase.FAILED:
        rows.append(Entry(EntryKind.SENTENCE, provider.fault.title, provider))
        rows.append(Entry(EntryKind.RETRY, RETRY, provider))
    elif provider.phase is ProviderPhase.IDLE and not provider.models:
        rows.append(Entry(EntryKind.START, f"Start {provider.name}", provider))
    if provider.note:
        rows.append(Entry(EntryKind.SENTENCE, provider.note, provider))
    return rows


def _model(offer: Offer, provider: ProviderState, model: str, *, is_elsewhere: bool) -> Entry:
    ref, info = ModelRef(provider.id, model), offer.described(provider, model)
    return Entry(
        EntryKind.MODEL,
        info.shown_name,
        provider,
        info,
        is_favorite=ref in offer.favorites,
        is_chosen=ref == offer.chosen,
        is_elsewhere=is_elsewhere,
        has_own_price=any(each.ref == ref for each in offer.own_prices),
    )
