"""`python -m swindow.start COMMAND`: what the Makefile and the Dockerfile call."""

import argparse
import subprocess
import sys

from swindow import embedded
from swindow.start.environment import CHECKOUT, StartError, python, surroundings, var_folder
from swindow.start.prepare import compile_translations
from swindow.start.run import run, start_servers, stop


def main() -> int:
    """Run one command; a foreseen trouble is one sentence and status 1."""
    try:
        return _do(_arguments())
    except (StartError, embedded.EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m swindow.start", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything, file the sample declaration, serve until Ctrl-C")
    commands.add_parser("demo", help="the same, but end with status 0 once the sample is cleared")
    commands.add_parser("services", help="start everything and serve, without a sample")
    commands.add_parser("stop", help="stop what runs in this checkout")
    commands.add_parser("clean-data", help="stop, then remove all data of this checkout")
    commands.add_parser("compile-translations", help="make .mo files from .po files")
    manage = commands.add_parser("manage", help="run manage.py on this checkout's servers")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    return parser.parse_args()


def _do(arguments: argparse.Namespace) -> int:
    if arguments.command == "compile-translations":
        compile_translations()
        return 0
    if arguments.command == "manage":
        return _manage(arguments.words)
    if arguments.command in ("run", "demo", "services"):
        return run(sample=arguments.command != "services", serve=arguments.command != "demo")
    print("Stopped." if stop(var_folder()) else "Nothing was running.")
    if arguments.command == "clean-data":
        removed = embedded.remove(var_folder())
        print(f"Removed {', '.join(map(str, removed)) or 'nothing'}.")
    return 0


def _manage(words: list[str]) -> int:
    """Servers that this command had to start are stopped again."""
    var = var_folder()
    servers = start_servers(var)
    try:
        environment = surroundings(servers.environment() if servers else {}).environment
        return subprocess.run(
            [python(), "manage.py", *words], cwd=CHECKOUT, env=environment, check=False
        ).returncode
    finally:
        if servers is not None and servers.started:
            embedded.stop(var)


if __name__ == "__main__":
    sys.exit(main())
