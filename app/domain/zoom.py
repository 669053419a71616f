"""How large the text of a conversation is shown, in percent."""

STANDARD_ZOOM = 100
ZOOM_STEPS = (50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300)


def within_zoom(percent: int) -> int:
    """The nearest that can be shown: a settings file may hold anything."""
    return min(max(percent, ZOOM_STEPS[0]), ZOOM_STEPS[-1])


def stepped_zoom(percent: int, steps: int) -> int:
    """`steps` steps larger, or smaller if negative; the end of the scale is as far as it goes."""
    larger = [step for step in ZOOM_STEPS if step > percent]
    smaller = [step for step in reversed(ZOOM_STEPS) if step < percent]
    way = larger if steps > 0 else smaller
    return way[min(abs(steps), len(way)) - 1] if steps and way else within_zoom(percent)
