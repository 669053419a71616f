"""
Shows an answer full of traps, in a process that is watched: `python -m tests.e2e.content_driver BAIT PORT`.

Everything a user can do with it short of a click on a link: stream it, scroll, zoom, select, copy, find. The same
is done with harmless content before, so that what Python and Qt load on demand is loaded when the traps come.
"""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.domain.settings import ColorScheme
from app.ui.icons import Icons
from app.ui.theme import Theme, load_fonts
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.highlighting import Highlighting
from app.ui.transcript.view import Transcript

BEGIN, END = b"BELAY-CONTENT-BEGIN\n", b"BELAY-CONTENT-END\n"
RESOURCES = Path(__file__).parents[2] / "resources"
CHUNK_CHARACTERS = 40
SETTLE_MS = 400  # for the threads that set formulas and colour code

CONTENT = r"""# A title, *slanted* and **bold**

Text with `code`, ~~struck~~, ![a picture]({address}/p.png?q=secret), [a link]({address}/l), <{address}/auto>,
{address}/bare, ![]({path}), [file]({path}), ![data](data:image/png;base64,iVBORw0KGgo=), ![unc](//host/share/p.png)
<img src="{address}/html.png"> <img src="{path}"> <link rel="stylesheet" href="{address}/s.css">
<script src="{address}/s.js"></script> <iframe src="{path}"></iframe> <object data="{address}/o"></object>

<style>@import url({address}/i.css); body {{ background: url({path}) }}</style>

| a | b |
|---|---|
| ![t]({address}/t.png) | <img src="{path}"> |

- [x] ![item]({path})
> ![quote]({address}/q.png)

```html
<img src="{address}/code.png"> {path}
```

$$
\includegraphics{{{path}}} \href{{{address}/tex}}{{x}} \input{{{path}}} \frac{{1}}{{2}}
$$

Inline $\sqrt{{2}}$ and \(\input{{{path}}}\).

[reference]: {address}/reference
[^1]: ![note]({address}/note.png)
"""


def main() -> int:
    bait, port = sys.argv[1:]
    qt = QApplication([])
    load_fonts(RESOURCES / "fonts")
    transcript = Transcript(
        Theme(qt, ColorScheme.LIGHT), Icons(RESOURCES / "icons"), formulas=Formulas(), highlighting=Highlighting()
    )
    transcript.resize(700, 500)
    transcript.show()
    # As long as the bait, and an address: what a wide block and a host need is loaded now.
    _warm_up(transcript, CONTENT.format(path="x" * len(bait), address="http://localhost"))
    os.write(2, BEGIN)
    _show(transcript, "trap", CONTENT.format(path=bait, address=f"http://127.0.0.1:{port}"))
    os.write(2, END)
    return 0


def _warm_up(transcript: Transcript, text: str) -> None:
    """Until a whole round loads no module any more: threads load them, and a busy machine lets those wait."""
    loaded, rounds = 0, 0
    while loaded != len(sys.modules):
        loaded, rounds = len(sys.modules), rounds + 1
        _show(transcript, f"warm {rounds}", text)
        _wait(SETTLE_MS)


def _show(transcript: Transcript, name: str, text: str) -> None:
    message = Message(
        id=MessageId(name),
        conversation_id=ConversationId("c"),
        parent_id=None,
        role=Role.ASSISTANT,
        status=MessageStatus.GENERATING,
        model="small-model",
    )
    transcript.add_message(message)
    for at in range(0, len(text), CHUNK_CHARACTERS):
        transcript.append_text(message.id, text[at : at + CHUNK_CHARACTERS])
        QApplication.processEvents()
    _wait(SETTLE_MS)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_End):
        QTest.keyClick(transcript, key)
        _wait(20)
    for key in (Qt.Key.Key_A, Qt.Key.Key_C):
        QTest.keyClick(transcript, key, Qt.KeyboardModifier.ControlModifier)
    for width in (420, 700):
        transcript.resize(width, 500)
        _wait(SETTLE_MS)
    QApplication.clipboard().setText("")


def _wait(limit_ms: int) -> None:
    clock = QElapsedTimer()
    clock.start()
    while clock.elapsed() < limit_ms:
        QApplication.processEvents()


if __name__ == "__main__":
    sys.exit(main())
