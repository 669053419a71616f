"""`python -m tests.benchmarks [--quick] [--only PART] [--json FILE]`: measure, print the tables, write bench.json."""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tests.benchmarks import first_glyph, machine, stop_clicks, streaming
from tests.benchmarks.report import Part, as_json, as_text, first_glyph_part, start_part, stop_part, transcript_part
from tests.benchmarks.start import measure as start
from tests.benchmarks.stop_clicks import Clicks
from tests.benchmarks.transcript import measure as transcript
from tests.benchmarks.transcript.measure import Plan

FULL = Clicks(belay={50: 40, 300: 120, 3000: 200}, others={50: 30, 300: 40, 3000: 50})
QUICK = Clicks(belay={50: 6, 300: 20, 3000: 40}, others={50: 4, 300: 6, 3000: 8})
FULL_STREAM_S, QUICK_STREAM_S = 12.0, 5.0
FULL_TRANSCRIPT = Plan(answer_characters=100_000, messages=10_000)
QUICK_TRANSCRIPT = Plan(answer_characters=30_000, messages=1_000)
FULL_GLYPHS, QUICK_GLYPHS = 40, 10
# Qt's pixmap cache has its last look 70 s after the start.
FULL_START = start.Plan(warm=12, cold=5, settle_s=75, watch_s=30)
QUICK_START = start.Plan(warm=4, cold=2, settle_s=25, watch_s=10)
EXIT_CANNOT_RUN = 3


def main() -> int:
    options = _parser().parse_args()
    if sys.platform != "linux":
        sys.stderr.write("The benchmark needs Linux: clocks that processes share, timerfd and schedstat.\n")
        return EXIT_CANNOT_RUN
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    began_s = time.monotonic()
    facts = machine.facts()
    parts = {"stop": _stop, "transcript": _transcript, "first-glyph": _first_glyph, "start": _start}
    found = [parts[name](quick=options.quick) for name in parts if options.only in (None, name)]
    facts |= {"load_after": machine.load(), "minutes": round((time.monotonic() - began_s) / 60, 1)}
    sys.stdout.write(as_text(facts, found))
    options.json.write_text(json.dumps(as_json(facts, found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _stop(*, quick: bool) -> Part:
    clicks = QUICK if quick else FULL
    stops = [found for tls in (False, True) for found in stop_clicks.measure(clicks, tls=tls, say=_say)]
    _say("streaming")
    streamed, long_answer = streaming.measure(seconds=QUICK_STREAM_S if quick else FULL_STREAM_S)
    return stop_part(stops, streamed, long_answer)


def _transcript(*, quick: bool) -> Part:
    return transcript_part(*transcript.measure(QUICK_TRANSCRIPT if quick else FULL_TRANSCRIPT, _say))


def _first_glyph(*, quick: bool) -> Part:
    messages = QUICK_GLYPHS if quick else FULL_GLYPHS
    return first_glyph_part([first_glyph.measure(messages, tls=tls, say=_say) for tls in (False, True)])


def _start(*, quick: bool) -> Part:
    return start_part(start.measure(QUICK_START if quick else FULL_START, _say))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make bench",
        description="Measure Stop, streaming, the transcript, the first glyph and the start, beside other ways.",
    )
    parser.add_argument("--quick", action="store_true", help="less of everything: three minutes instead of fifteen")
    parser.add_argument("--only", choices=("stop", "transcript", "first-glyph", "start"), help="one part of it")
    parser.add_argument("--json", metavar="FILE", type=Path, default=Path("bench.json"), help="default: %(default)s")
    return parser


def _say(step: str) -> None:
    sys.stderr.write(f"measuring {step} …\n")


if __name__ == "__main__":
    sys.exit(main())
