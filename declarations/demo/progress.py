"""What the terminal shows: one line a step with its time, coloured where somebody looks."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

_AUTHORITIES = {"customs": "customs", "tax": "tax office", "quarantine": "quarantine", "port": "port"}
_HOLDS = {
    "risk": "examined the papers",
    "assessment": "checked the charges",
    "sps": "accepted the certificate",
    "arrival": "reported the arrival",
    "payment": "charges settled",
    "identity": "settled the buyer's objection",
}
_COLOURS = {"good": "32", "bad": "31", "asked": "33", "quiet": "2", "title": "1"}


class Progress:
    """Prints steps; colours only for a terminal and never with NO_COLOR."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._is_coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def title(self, text: str) -> None:
        """Print a heading."""
        print(f"\n{self._paint(text, 'title')}", flush=True)

    def step(self, text: str, *, order: str = "", tone: str = "") -> None:
        """Print one step with the seconds since the start."""
        clock = self._paint(f"{time.monotonic() - self._began:7.1f} s", "quiet")
        print(f"{clock}  {order:<10} {self._paint(text, tone)}", flush=True)

    def _paint(self, text: str, tone: str) -> str:
        code = _COLOURS.get(tone)
        return f"\033[{code}m{text}\033[0m" if self._is_coloured and code else text


def sentence(kind: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """Return an event in plain words, and its tone."""
    who = _AUTHORITIES.get(facts.get("authority", ""), facts.get("authority", ""))
    if kind == "hold.lifted":
        return f"{who}: {_HOLDS.get(facts.get('kind', ''), 'lifted its hold')}", "good"
    texts = {
        "declaration.drafted": ("draft saved", ""),
        "declaration.accepted": (f"accepted, MRN {facts.get('mrn')}, due {facts.get('payable')}", "good"),
        "reviews.opened": ("the authorities have it", ""),
        "buyer.told": ("the named buyer is told by mail", ""),
        "buyer.confirmed": ("the named buyer confirmed the order", "good"),
        "buyer.disputed": ("THE NAMED BUYER OBJECTS", "bad"),
        "request.asked": (f"{who} asks ({facts.get('reason_code')})", "asked"),
        "request.answered": (f"answered the question of {who}", ""),
        "payment.requested": (f"payment {facts.get('payment')} of {facts.get('amount')} requested", ""),
        "payment.settled": (f"payment {facts.get('payment')} settled", "good"),
        "payment.failed": (f"payment {facts.get('payment')} failed", "bad"),
        "declaration.released": ("RELEASED", "good"),
        "declaration.rejected": (f"REFUSED by {who} ({facts.get('reason_code')})", "bad"),
        "documents.issued": ("clearance papers issued", "good"),
    }
    return texts.get(kind, (kind, ""))


def charges_table(result: Mapping[str, Any]) -> Sequence[str]:
    """Return the charges as lines: what, on how much, how much, by which rule."""
    currency = result["currency"]
    rows = [
        (f"line {line['line_no']}", charge) for line in result["goods_items"] for charge in line["charges"]
    ] + [("all", {**fee, "base": "", "rate": None}) for fee in result["fees"]]
    lines = [f"    {'':<7} {'charge':<14} {'base':>10} {'rate':>7} {'amount':>10}  rule"]
    lines += [
        f"    {where:<7} {one['type']:<14} {one['base']:>10} {_rate(one['rate']):>7} {one['amount']:>10}"
        f"  {one['rule']}{' (taken at sale)' if one['collector'] == 'vendor' else ''}"
        for where, one in rows
    ]
    return [*lines, f"    {'due at clearance':<41} {result['payable']:>10}  {currency}"]


def clock(text: str) -> str:
    """Return the time of day of an ISO moment, UTC."""
    return f"{datetime.fromisoformat(text):%H:%M:%S}"


def _rate(rate: str | None) -> str:
    return "" if rate is None else f"{rate} %"
