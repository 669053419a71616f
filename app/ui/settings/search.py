"""Which settings a search finds."""

from collections.abc import Sequence

from msgspec import Struct

from app.ui.settings.page import Finding, Page


class Hit(Struct, frozen=True):
    """A page that the search found, and those of its settings that it names: none if it is the page that it names."""

    page: Page
    findings: tuple[Finding, ...]


def search(pages: Sequence[Page], query: str) -> tuple[Hit, ...]:
    """
    Return the pages with something that every word of the query is part of, in their order.

    A setting is found by its own words alone or together with its page's title: "privacy server".
    """
    words = query.casefold().split()
    hits = []
    for page in pages:
        of_page = f"{page.title} {page.words}".casefold()
        names_page = all(word in of_page for word in words)
        found = tuple(
            each
            for each in page.findings
            if all(word in (own := each.words.casefold()) or word in of_page for word in words)
            and any(word in own for word in words)
        )
        if names_page or found:
            hits.append(Hit(page, found))
    return tuple(hits)
