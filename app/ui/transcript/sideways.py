"""Scrolls what is wider than the column, so that a place in it is in sight."""

from app.ui.transcript.cells.cell import Mark
from app.ui.transcript.message_body import MessageBody, Place

ROOM_PX = 60  # between the place and the edge


def bring_sideways(body: MessageBody, width: int, index: int, mark: Mark) -> bool:
    """Of a body `width` wide, scroll the cell `index` as far as `mark` needs. False if it need not move."""
    if index >= len(body.cells):
        return False
    cell = body.cells[index]
    y = body.y_of(Place(index, mark, 0))
    left, right = body.left_of(index) + ROOM_PX, width - ROOM_PX
    is_moved = False
    while body.mark_at(right, y) < (index, mark) and cell.scroll_by(ROOM_PX):
        is_moved = True
    while body.mark_at(left, y) > (index, mark) and cell.scroll_by(-ROOM_PX):
        is_moved = True
    return is_moved
