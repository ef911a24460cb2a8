"""What is wrong in a draft: every problem of every file, with its line and character and how to mend it."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice, pairwise
from typing import Any

from django.utils.translation import gettext as _

from tariffs.drafting.compiling import compile_draft
from tariffs.drafting.edits import GOLDEN, Files
from tariffs.drafting.golden import BROKEN, GoldenError, read_cases
from tariffs.drafting.parameters import PACK, ParameterBlock, parameter_blocks
from tariffs.drafting.places import AGENCIES, FileProblem, at, ends_first, formula_problem, no_agency, no_rule
from tariffs.drafting.table_problems import control_problems, rate_problems
from tariffs.editions import known_names
from tariffs.pack_parsing import PackError

__all__ = ["MOST_PROBLEMS", "FileProblem", "problems_of"]

MOST_PROBLEMS = 50
_FORMULA_KINDS = ("variable", "basis", "check", "route", "layer", "fee")
_FORMULAS = ("when", "value", "base", "amount", "rate", "waive_up_to", "waive_when")


def problems_of(files: Files, *, jurisdiction: str) -> tuple[FileProblem, ...]:
    """Return what keeps the draft from being law, at most MOST_PROBLEMS; golden cases are run apart."""
    return tuple(islice(_problems(files, jurisdiction), MOST_PROBLEMS))


def _problems(files: Files, jurisdiction: str) -> Iterator[FileProblem]:
    head, trouble = _head(files[PACK])
    yield from trouble
    rules = _rule_numbers(head)
    found = [] if trouble else [*_pack_problems(files, head, jurisdiction=jurisdiction)]
    found += [*rate_problems(files, head, rules=rules), *control_problems(files, rules=rules)]
    yield from found
    if not trouble and not found:
        # Whatever has no place of its own: an entry that is missing, a rounding that is none.
        yield from _compile_problems(files)
    yield from _golden_problems(files, rules=rules)


def _head(text: str) -> tuple[dict[str, Any], list[FileProblem]]:
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        line, character = _place_in(str(error))
        return {}, [FileProblem(PACK, str(error), line, character, _("Mend it there and save again."))]
    except RecursionError:
        return {}, [FileProblem(PACK, _("The file is nested too deeply."))]


def _place_in(message: str) -> tuple[int, int]:
    numbers = [int(word) for word in message.replace(",", " ").replace(")", " ").split() if word.isdigit()]
    return (numbers[-2], numbers[-1]) if "(at line" in message and len(numbers) >= 2 else (0, 0)


def _rule_numbers(head: Mapping[str, Any]) -> frozenset[str]:
    rows = head.get("rule", ())
    return frozenset(str(row.get("id", "")) for row in rows if isinstance(row, dict))


def _pack_problems(files: Files, head: Mapping[str, Any], *, jurisdiction: str) -> Iterator[FileProblem]:
    if head.get("jurisdiction") != jurisdiction:
        message = _("The draft is for %(jurisdiction)s.") % {"jurisdiction": jurisdiction}
        yield at(
            files,
            file=PACK,
            text="jurisdiction =",
            message=message,
            fix=_("Leave the jurisdiction as it is."),
        )
    for agency in head.get("agencies", ()):
        if agency not in AGENCIES:
            yield at(files, file=PACK, text=f'"{agency}"', message=no_agency(agency))
    try:
        yield from _formula_problems(files, head)
        yield from _regime_problems(files, head)
    except BROKEN as error:
        yield FileProblem(PACK, _("pack.toml lacks or misnames %(what)s.") % {"what": error})
    yield from _parameter_problems(files)


def _formula_problems(files: Files, head: Mapping[str, Any]) -> Iterator[FileProblem]:
    known = known_names(head)
    formulas = (
        row[role]
        for kind in _FORMULA_KINDS
        for row in head.get(kind, ())
        for role in _FORMULAS
        if role in row
    )
    for text in dict.fromkeys(formulas):
        yield from formula_problem(files, file=PACK, text=str(text), known=known)


def _regime_problems(files: Files, head: Mapping[str, Any]) -> Iterator[FileProblem]:
    known = set(head.get("regimes", ()))
    named = [row["regime"] for row in head.get("route", ())]
    named += [regime for kind in ("layer", "fee") for row in head.get(kind, ()) for regime in row["regimes"]]
    for regime in sorted(set(named) - known):
        message = _("The regime %(regime)s is not among the pack's regimes.") % {"regime": regime}
        yield at(
            files,
            file=PACK,
            text=f'"{regime}"',
            message=message,
            fix=_("Add it to regimes, or name another."),
        )
    used = [row["rule"] for kind in ("check", "route", "layer", "fee") for row in head.get(kind, ())]
    used += [row["rule"] for row in head.get("parameter", ())]
    for rule in sorted(set(used) - _rule_numbers(head)):
        yield at(files, file=PACK, text=f'rule = "{rule}"', message=no_rule(rule))


def _parameter_problems(files: Files) -> Iterator[FileProblem]:
    by_name: dict[str, list[ParameterBlock]] = {}
    for block in parameter_blocks(files[PACK]):
        by_name.setdefault(block.name, []).append(block)
        if not _is_number(block.values.get("value")):
            message = _("The value of %(name)s is no number.") % {"name": block.name}
            yield FileProblem(PACK, message, block.line, fix=_('Write it like value = "0.7".'))
        if block.valid_from and block.valid_to and block.valid_to <= block.valid_from:
            yield FileProblem(PACK, ends_first(), block.line)
    for blocks in by_name.values():
        yield from _overlaps(blocks)


def _overlaps(blocks: list[ParameterBlock]) -> Iterator[FileProblem]:
    enabled = [block for block in blocks if block.values.get("enabled", True)]
    in_order = sorted(enabled, key=lambda block: block.valid_from or date.min)
    for earlier, later in pairwise(in_order):
        if earlier.valid_to is None or (later.valid_from or date.min) < earlier.valid_to:
            message = _("%(name)s has two values for the same days, here and at line %(line)d.")
            message %= {"name": later.name, "line": earlier.line}
            yield FileProblem(PACK, message, later.line, fix=_("Give the earlier value an end."))


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _compile_problems(files: Files) -> Iterator[FileProblem]:
    try:
        compile_draft(files)
    except PackError as error:
        yield FileProblem(PACK, str(error))


def _golden_problems(files: Files, *, rules: frozenset[str]) -> Iterator[FileProblem]:
    try:
        cases = read_cases(files[GOLDEN])
    except GoldenError as error:
        message = _("The golden cases cannot be read: %(error)s.") % {"error": error}
        yield FileProblem(GOLDEN, message, error.line, error.character)
        return
    shown = {str(rule) for case in cases for rule in case["rules"]}
    for rule in sorted(rules - shown):
        message = _("No golden case shows rule %(rule)s.") % {"rule": rule}
        yield FileProblem(GOLDEN, message, fix=_("Work one out by hand and add it."))
