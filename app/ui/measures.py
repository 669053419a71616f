"""The measures by which the window's outline is drawn before its parts are there, and the parts themselves later."""

FIELD_WIDTH_PX = 784  # of the composer, at most
COMPOSER_RADIUS_PX = 28.0
ROW_HEIGHT_PX = 36
ROW_RADIUS_PX = 8.0
SIDEBAR_WIDTH_PX = 260
NARROW_PX = 600  # of a window: less beside the sidebar is no room to read in

_LEAST_SIDEBAR_PX = 180  # titles can still be told apart
_SIDEBAR_SHARE = 0.4  # of a narrow window: the rest is for reading


def sidebar_width(window_width: int) -> int:
    """How wide the sidebar is in a window of this width, in pixels."""
    return max(_LEAST_SIDEBAR_PX, min(SIDEBAR_WIDTH_PX, int(window_width * _SIDEBAR_SHARE)))
