"""`python -m tests.benchmarks.contestants NAME SERVER_PID`: one contestant, until its stdin ends."""

import importlib
import sys

from tests.benchmarks.contestants.core_waits import CoreWaits
from tests.benchmarks.contestants.names import Name

_MODULES = {Name.BELAY: "belay", Name.FLOOR: "raw_socket"}


def main() -> None:
    name, server_pid = Name(sys.argv[1]), int(sys.argv[2])
    # Each loads only what it needs: the raw socket knows neither Qt nor openai.
    module = importlib.import_module(f"tests.benchmarks.contestants.{_MODULES.get(name, 'sdk_client')}")
    module.run(name, CoreWaits(server_pid))


if __name__ == "__main__":
    main()
