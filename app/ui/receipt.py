"""The line under an answer that did not simply end: what was kept, and how fast the connection closed."""

from app.domain.conversation import Message, MessageStatus
from app.domain.usage import UsageSource

_WHY = {
    "user": "Stopped",
    "superseded": "Stopped: you asked again",
    "quit": "Stopped when Belay was closed",
    "crash": "Stopped when Belay ended unexpectedly",
    "external": "Stopped by another program",
    "network": "Stopped: the connection was lost",
}


def receipt_of(message: Message) -> tuple[str, str] | None:
    """Return the receipt of a stopped answer and its tooltip, None for any other message."""
    if message.status is not MessageStatus.STOPPED:
        return None
    parts = [_WHY.get(message.stop_reason or "", "Stopped")]
    details: list[str] = []
    if message.usage is not None:
        about = "≈ " if message.usage.source is UsageSource.ESTIMATED else ""
        count = message.usage.completion_tokens
        parts.append(f"{about}{count:,} {'token' if count == 1 else 'tokens'} kept")
        details.append("Tokens estimated here" if about else "Tokens as counted by the provider")
    timing = message.timing
    if timing.close_ms is not None:
        parts.append(f"connection closed in {_ms(timing.close_ms)}")
    elif timing.stop_click_ms is not None:
        parts.append("nothing had been sent")
    if timing.stop_click_ms is not None:
        details.append(f"Stopped {timing.stop_click_ms / 1000:.2f} s after it was sent")
        if timing.committed_ms is not None:
            details.append(f"Saved {_ms(timing.committed_ms - timing.stop_click_ms)} after the click")
    return " · ".join(parts), "\n".join(details)


def _ms(duration_ms: float) -> str:
    return f"{duration_ms:.1f} ms" if duration_ms < 10 else f"{duration_ms:.0f} ms"
