"""`python -m tests.benchmarks [--quick] [--json FILE]`: measure, print one table, write bench.json."""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from tests.benchmarks import machine, stop_clicks, streaming
from tests.benchmarks.goals import goals
from tests.benchmarks.report import Results, as_json, as_text
from tests.benchmarks.stop_clicks import Clicks

FULL = Clicks(belay={50: 40, 300: 120, 3000: 200}, others={50: 30, 300: 40, 3000: 50})
QUICK = Clicks(belay={50: 6, 300: 20, 3000: 40}, others={50: 4, 300: 6, 3000: 8})
FULL_STREAM_S, QUICK_STREAM_S = 12.0, 5.0
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
    clicks = QUICK if options.quick else FULL
    stops = [found for tls in (False, True) for found in stop_clicks.measure(clicks, tls=tls, say=_say)]
    _say("streaming")
    streamed, long_answer = streaming.measure(seconds=QUICK_STREAM_S if options.quick else FULL_STREAM_S)
    facts |= {"load_after": machine.load(), "minutes": round((time.monotonic() - began_s) / 60, 1)}
    results = Results(facts, stops, streamed, long_answer, goals(stops, streamed, long_answer))
    sys.stdout.write(as_text(results))
    options.json.write_text(json.dumps(as_json(results), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure Stop and streaming, beside other ways.")
    parser.add_argument("--quick", action="store_true", help="fewer clicks: two minutes instead of ten")
    parser.add_argument("--json", metavar="FILE", type=Path, default=Path("bench.json"), help="default: %(default)s")
    return parser


def _say(step: str) -> None:
    sys.stderr.write(f"measuring {step} …\n")


if __name__ == "__main__":
    sys.exit(main())
