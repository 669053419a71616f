"""
`python -m tests.benchmarks.accounting [MESSAGES]`: what counting and summing up cost.

Prints how long a vocabulary takes to load and what memory it holds, how fast texts of each kind are counted, how
long the event loop is held up meanwhile, and how long sums take in a database of a million messages.
"""

import asyncio
import gc
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.conversation import ConversationId
from app.domain.tokens import Vocabulary
from app.engine.token_counter import CountedText, TokenCounter
from app.providers.counting_process import CountingProcess
from app.providers.tokenizer import Tokenizer
from app.storage import usage
from app.storage.database import Database, look
from tests.benchmarks.tables import number, table

VOCABULARIES = Path(__file__).parents[2] / "resources" / "tokenizers"
TEXTS = Path(__file__).parents[1] / "unit" / "providers" / "tokens"
MEGABYTE = 1_000_000
DAYS = 30
DAY_MS = 86_400_000
ROUNDS = 20
BEAT_S = 0.001
SWITCH_INTERVAL_S = 0.0005  # as main sets it


def main() -> int:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    rows = [*_vocabularies(), *_speeds(), *asyncio.run(_held_up()), *_sums(messages)]
    sys.stdout.write(
        table(("what", "value", "unit"), [(name, number(value), unit) for name, value, unit in rows]) + "\n"
    )
    return 0


def _vocabularies() -> list[tuple[str, float, str]]:
    found: list[tuple[str, float, str]] = []
    for vocabulary in Vocabulary:
        before_mb = _resident_mb()
        began_s = time.perf_counter()
        tokenizer = Tokenizer(vocabulary, VOCABULARIES)
        found.append((f"load {vocabulary}", (time.perf_counter() - began_s) * 1e3, "ms"))
        gc.collect()
        found.append((f"memory of {vocabulary}", _resident_mb() - before_mb, "MB"))
        del tokenizer
    return found


def _speeds() -> list[tuple[str, float, str]]:
    tokenizer = Tokenizer(Vocabulary.O200K, VOCABULARIES)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("*.txt"))}
    texts |= {"one word of letters": "a", "nothing but spaces": " "}
    found: list[tuple[str, float, str]] = []
    for name, text in texts.items():
        whole = text * (MEGABYTE // len(text))
        began_s = time.perf_counter()
        tokenizer.count(whole)
        found.append((f"a million characters, {name}", (time.perf_counter() - began_s) * 1e3, "ms"))
    return found


async def _held_up() -> list[tuple[str, float, str]]:
    """How late a beat of a millisecond is while a megabyte is counted, the start of the process included."""
    loop = asyncio.get_running_loop()
    text = (TEXTS / "code.txt").read_text(encoding="utf-8") * (MEGABYTE // 2_000)
    counter = TokenCounter(CountingProcess)
    gaps: list[float] = []
    task = loop.create_task(counter.count([CountedText(text)], "gpt-4o"))
    began_s = loop.time()
    while not task.done():
        beat_s = loop.time()
        await asyncio.sleep(BEAT_S)
        gaps.append((loop.time() - beat_s - BEAT_S) * 1e3)
    took_ms = (loop.time() - began_s) * 1e3
    counter.close()
    gaps.sort()
    return [
        ("event loop late while counting, median", gaps[len(gaps) // 2], "ms"),
        ("event loop late while counting, longest", gaps[-1], "ms"),
        ("a megabyte of code, the process started for it", took_ms, "ms"),
    ]


def _sums(messages: int) -> list[tuple[str, float, str]]:
    with tempfile.TemporaryDirectory(prefix="belay-bench-") as folder:
        path = Path(folder) / "belay.db"
        Database(path).close()
        db = sqlite3.connect(path, isolation_level=None)
        db.row_factory = sqlite3.Row
        _fill(db, messages)
        conversation_id = ConversationId("c7")
        found = [
            (
                "sum of a conversation, median",
                _median_ms(lambda: look(db, usage.usage_of_conversation, conversation_id)),
            ),
            ("sum of a day, median", _median_ms(lambda: look(db, usage.usage_between, 5 * DAY_MS, 6 * DAY_MS))),
            (f"sum of {DAYS} days, all there is", _median_ms(lambda: _all_days(db), rounds=3)),
        ]
        db.close()
    return [(f"{messages:,} messages: {name}", value, "ms") for name, value in found]


def _all_days(db: sqlite3.Connection) -> None:
    for day in range(DAYS):
        look(db, usage.usage_between, day * DAY_MS, (day + 1) * DAY_MS)


def _fill(db: sqlite3.Connection, messages: int) -> None:
    """Questions and answers of 400 characters in 2,000 conversations, all within the days that are summed up."""
    chance = random.Random(1)
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO conversation (id, title, created_at, updated_at) VALUES (?, 't', 0, 0)",
        ((f"c{each}",) for each in range(2_000)),
    )
    db.executemany(
        "INSERT INTO message (id, conversation_id, role, status, content, model, provider, created_at, prompt_tokens,"
        " completion_tokens, usage_source, cost) VALUES (?, ?, ?, 'complete', ?, ?, 'p', ?, ?, ?, ?, ?)",
        (_row(each, chance) for each in range(messages)),
    )
    db.execute("COMMIT")


def _row(each: int, chance: random.Random) -> tuple[object, ...]:
    common = (f"m{each}", f"c{each % 2_000}")
    at_ms = chance.randrange(DAYS * DAY_MS)
    if each % 2 == 0:
        return (*common, "user", "x" * 400, None, at_ms, None, None, None, None)
    model = f"model-{each % 7}"
    return (*common, "assistant", "x" * 400, model, at_ms, 1000, chance.randrange(2000), "provider", 0.001)


def _median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    taken: list[float] = []
    for _ in range(rounds):
        began_s = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began_s) * 1e3)
    return sorted(taken)[len(taken) // 2]


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
