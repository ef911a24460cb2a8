"""`python -m tests.bench.run [--only name] [--rounds n]`: the portal beside its limits, in turn.

Servers, database and files of its own under var/bench, so that it never meets the data of a run or of
the tests. Appends one line a measure to var/bench/results.jsonl and prints a table of medians.
"""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import django
import psycopg2

from swindow import embedded
from tests import servers
from tests.bench.measuring import Measure, run_rounds

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var" / "bench"
# Name -> where its class is; imported only when wanted, because Django must be set up first.
MEASURES = {
    "lodge_to_release": "tests.bench.lodge_to_release:LodgeToRelease",
    "http_submit": "tests.bench.http_submit:HttpSubmit",
    "http_queue": "tests.bench.http_queue:HttpQueue",
    "assess_lines": "tests.bench.assess_lines:AssessLines",
    "classify": "tests.bench.classify:Classify",
}
FEWEST_ROUNDS = 5
DATABASE = "swindow_bench"
COMMAND = "python -m tests.bench.run"


def main() -> int:
    """Measure what is wanted; exit 2 for a name that does not exist."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    parser.add_argument("--only", choices=sorted(MEASURES), help="one measure instead of all")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS)
    options = parser.parse_args()
    wanted = [options.only] if options.only else list(MEASURES)
    _use_own_servers()
    try:
        _show([_measure(name, rounds=options.rounds) for name in wanted])
    finally:
        embedded.stop(VAR)
    return 0


def _use_own_servers() -> None:
    os.environ.update(
        SWINDOW_VAR=str(VAR),
        DJANGO_SETTINGS_MODULE="swindow.settings",
        SWINDOW_SECRET_KEY="only-for-benches",
        SWINDOW_PAYMENT_SECRET="only-for-benches",
        SWINDOW_AGENCY_PACE="0",
        SWINDOW_LOG_LEVEL="WARNING",
        SWINDOW_DEMO="1",
        # Measures work as workers do; the web server asks in the name of who is signed in.
        SWINDOW_DATABASE_ACTOR="portal",
        **embedded.start(VAR).environment(),
    )
    _drop_last_database()
    servers.create_database(DATABASE)
    os.environ.update(
        {name: servers.database_url(DATABASE, role=name) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    )
    django.setup()


def _drop_last_database() -> None:
    """Without FORCE: that ends a vacuum of the last run's rows, which FORCE has no right to."""
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as connection:
        connection.autocommit = True
        with suppress(psycopg2.errors.ObjectInUse), connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")


def _measure(name: str, *, rounds: int) -> dict[str, Any]:
    module, _, kind = MEASURES[name].partition(":")
    measure: Measure = getattr(importlib.import_module(module), kind)()
    print(f"{name}: {rounds} rounds", flush=True)
    try:
        measure.open()
        found = run_rounds(measure, rounds=rounds)
    finally:
        measure.close()
    command = f"{COMMAND} --only {name} --rounds {rounds}"
    result = found.result(measure, command=command)
    with (VAR / "results.jsonl").open("a") as file:
        file.write(json.dumps(result) + "\n")
    return result


def _show(results: Sequence[dict[str, Any]]) -> None:
    row = "{:<18} {:>10} {:>10} {:>7} {:>10} {:>10}  {}"
    print(row.format("measure", "ours", "limit", "ratio", "p50 ms", "p95 ms", "unit"))
    for one in results:
        print(
            row.format(*(one[key] for key in ("name", "ours", "limit", "ratio", "p50_ms", "p95_ms", "unit")))
        )


if __name__ == "__main__":
    sys.exit(main())
