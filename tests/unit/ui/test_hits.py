"""All hits are counted; where they are is remembered of some rows."""

from app.ui.transcript.hits import KEPT_ROWS, Hit, Hits


def hits_in(row: int, count: int = 2) -> list[Hit]:
    return [Hit(row, 0, ((0, number), (0, number + 1))) for number in range(count)]


def test_hits_are_numbered_from_the_top_whatever_was_found_first() -> None:
    hits = Hits(5)
    for row in (3, 1, 4):
        hits.take(row, hits_in(row), is_kept=True, spared=None)
    assert len(hits) == 6
    assert [hits.number_of(hit) for row in (1, 3, 4) for hit in hits_in(row)] == list(range(6))
    assert [hits.find(number) for number in range(6)] == [(1, 0), (1, 1), (3, 0), (3, 1), (4, 0), (4, 1)]


def test_a_row_that_is_looked_through_again_counts_once() -> None:
    hits = Hits(2)
    hits.take(0, hits_in(0, 5), is_kept=True, spared=None)
    hits.take(0, hits_in(0, 1), is_kept=True, spared=None)
    assert len(hits) == 1
    hits.take(0, [], is_kept=True, spared=None)
    assert len(hits) == 0
    assert hits.of(0) is None


def test_the_oldest_are_forgotten_but_not_where_one_is() -> None:
    hits = Hits(KEPT_ROWS + 50)
    for row in range(KEPT_ROWS + 50):
        hits.take(row, hits_in(row), is_kept=True, spared=0)
    assert hits.number_of(hits_in(0)[1]) == 1
    assert hits.of(1) is None
    assert hits.count_in(1) == 2
    assert len(hits) == 2 * (KEPT_ROWS + 50)


def test_a_row_that_comes_later_is_counted_too() -> None:
    hits = Hits(0)
    hits.add_row()
    hits.take(0, hits_in(0), is_kept=False, spared=None)
    assert (len(hits), hits.rows) == (2, 1)
    assert hits.count_in(7) == 0
