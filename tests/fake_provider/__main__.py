"""
`python -m tests.fake_provider`: the provider, until its stdin ends.

It says `ready` with its port, and then what it sees, as JSON lines with the monotonic
clock in nanoseconds.
"""

import argparse
import asyncio
import gc

from tests.fake_provider.event_loop import new_event_loop
from tests.fake_provider.lifeline import exit_with_stdin
from tests.fake_provider.server import Options, Server


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_provider", description="An OpenAI-compatible fake.")
    parser.add_argument("--host", default=Options.host)
    parser.add_argument("--port", type=int, default=Options.port)
    parser.add_argument("--default", metavar="QUERY", help="for model names that say nothing, and under those that do")
    parser.add_argument("--models-fault", default="", metavar="FAULT", help="what GET /v1/models answers instead")
    parser.add_argument("--tls", dest="certificate", action="store_const", const="localhost", default="")
    parser.add_argument(
        "--certificate", choices=["localhost", "wrong-host", "expired", "self-signed"], help="TLS with this one"
    )
    parser.add_argument("--tls-stall", action="store_true", help="never answer the TLS handshake")
    parser.add_argument("--hang-up", action="store_true", help="close each connection after its reply, unannounced")
    parser.add_argument("--tarpit", action="store_true", help="accept, and never read")
    parser.add_argument("--full-backlog", action="store_true", help="never accept: clients go on connecting")
    return Options(**vars(parser.parse_args()))


def main() -> None:
    options = _options()
    exit_with_stdin()
    gc.freeze()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(Server(options).run())


if __name__ == "__main__":
    main()
