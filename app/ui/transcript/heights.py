"""Heights of things that stand on one another, as a Fenwick tree: a change or a question costs log n."""

from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Whole pixels, so that no sum drifts."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._rebuild(list(heights))

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    @property
    def total(self) -> int:
        return self._total

    def append(self, height: int) -> None:
        self._heights.append(height)
        self._total += height
        node = len(self._heights)
        floor = node - (node & -node)
        below = node - 1
        covered = height
        while below > floor:
            covered += self._tree[below]
            below -= below & -below
        self._tree.append(covered)

    def drop_last(self) -> None:
        self._total -= self._heights.pop()
        self._tree.pop()

    def insert(self, index: int, height: int) -> None:
        """Costs n: for what happens once in a while."""
        self._rebuild([*self._heights[:index], height, *self._heights[index:]])

    def set(self, index: int, height: int) -> None:
        change = height - self._heights[index]
        if not change:
            return
        self._heights[index] = height
        self._total += change
        node = index + 1
        while node <= len(self._heights):
            self._tree[node] += change
            node += node & -node

    def keep(self, indices: Iterable[int]) -> None:
        """Drop all others. Costs n."""
        self._rebuild([self._heights[index] for index in indices])

    def before(self, index: int) -> int:
        """The sum of all heights before `index`: where it begins."""
        result = 0
        while index:
            result += self._tree[index]
            index -= index & -index
        return result

    def find(self, y: int) -> tuple[int, int]:
        """Which one stands at `y`, and how far below its top. Before the first and after the last: the nearest."""
        found = 0
        step = 1 << len(self._heights).bit_length()
        rest = y
        while step:
            node = found + step
            if node <= len(self._heights) and self._tree[node] <= rest:
                found = node
                rest -= self._tree[node]
            step >>= 1
        if found == len(self._heights) and found:
            found -= 1
            rest += self._heights[found]
        return found, rest

    def _rebuild(self, heights: list[int]) -> None:
        self._heights = heights
        self._total = sum(heights)
        sums = [0, *accumulate(heights)]
        self._tree = [sums[node] - sums[node & (node - 1)] for node in range(len(sums))]
