"""A process that opens a database and is killed within its migration."""

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[3]
_SCRIPT = """
    import os
    from pathlib import Path
    from app.storage import migrations
    count = 0
    def on_statement(text):
        global count
        count += 1
        if count > {statements}:
            os.kill(os.getpid(), 9)
    connect = migrations.connect
    def watched(path, **options):
        db = connect(path, **options)
        db.set_trace_callback(on_statement)
        return db
    migrations.connect = watched
    migrations.open_current(Path({path!r}), timeout_s=1)
"""


def open_and_be_killed(path: Path, *, after_statements: int) -> None:
    script = textwrap.dedent(_SCRIPT.format(statements=after_statements, path=str(path)))
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == -9
