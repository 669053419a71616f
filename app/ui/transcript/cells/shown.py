"""The text that a run shows: what selecting, finding and copying count in."""

from app.markdown.links import target_of
from app.markdown.references import References
from app.markdown.runs import Run, RunKind


def shown_text(run: Run, references: References) -> str:
    match run.kind:
        case RunKind.MATH:
            return f"$${run.text}$$" if run.is_display else f"${run.text}$"
        case RunKind.IMAGE:
            target = target_of(run.href)
            return " · ".join(part for part in (run.text, target.host if target else "") if part) or "image"
        case RunKind.FOOTNOTE:
            number = references.footnotes.get(run.text)
            return str(number) if number is not None else run.text
    return run.text
