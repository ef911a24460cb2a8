"""`python -m swindow.embedded start|stop|env|status`: the embedded servers by hand."""

import argparse
import os
import shlex
import sys
from pathlib import Path

from swindow.embedded.place import EmbeddedError
from swindow.embedded.servers import Servers, start, status, stop

CHECKOUT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run one command; standard output can be evaluated by a shell."""
    parser = argparse.ArgumentParser(prog="python -m swindow.embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "env", "status"])
    default = Path(os.environ.get("SWINDOW_VAR", CHECKOUT / "var"))
    parser.add_argument("--var", type=Path, default=default, help="folder of the data (default: %(default)s)")
    options = parser.parse_args()
    try:
        return _run(options.command, var=options.var)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


def _run(command: str, *, var: Path) -> int:
    if command == "stop":
        print("Stopped." if stop(var) else "Nothing was running.", file=sys.stderr)
        return 0
    servers = start(var, by_hand=True) if command == "start" else status(var)
    if servers is None:
        print("The embedded servers do not run.", file=sys.stderr)
        return 1
    if command == "status":
        print(f"PostgreSQL: process {servers.database_pid}. Valkey: process {servers.broker_pid}.")
    else:
        print(_exports(servers))
    return 0


def _exports(servers: Servers) -> str:
    values = servers.environment().items()
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in values)


if __name__ == "__main__":
    sys.exit(main())
