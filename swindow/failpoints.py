"""Points at which a fault test kills the process; without SWINDOW_FAILPOINT they do nothing."""

import os
import signal
from pathlib import Path

POINTS = (
    "before_claim",
    "after_claim",
    "after_agency_call",
    "in_transaction",
    "after_commit",
    "during_document",
)


def reach(point: str) -> None:
    """Kill this process when SWINDOW_FAILPOINT is `point:token file`; the kill uses the file up."""
    wanted, _, token = os.environ.get("SWINDOW_FAILPOINT", "").partition(":")
    if wanted != point:
        return
    try:
        Path(token).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
