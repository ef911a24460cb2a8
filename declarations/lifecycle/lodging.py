"""Lodging: the statement is judged, assessed and accepted, with one hold for each thing that must happen."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from declarations.lifecycle.holds import lock
from declarations.lifecycle.representing import hold_powers, right_to_lodge
from declarations.models import Declaration, Hold, Status
from declarations.rules import problems_of
from declarations.statement import Statement, facts_of, read_statements
from swindow.accounts.models import User
from swindow.accounts.warrants import Warrant
from swindow.copying import id_sequence, insert_rows, next_ids
from swindow.events.outbox import NewEvent, record
from swindow.problems import Problem, Refused
from swindow.references import mrn
from tariffs.assessment import assess, to_snapshot
from tariffs.facts import CannotAssess, ConsignmentFacts
from tariffs.names import regime_name
from tariffs.results import AssessmentResult

MRN_SEQUENCE = "declarations_mrn_seq"

_ASSESSMENT_COLUMNS = (
    "id", "declaration_id", "version", "regime", "pack_version", "currency",
    "customs_value_amount", "payable_amount", "snapshot", "assessed_at",
)  # fmt: skip
_CHARGE_COLUMNS = (
    "assessment_id", "goods_item_id", "tax_type", "base_amount", "rate", "amount",
    "rule", "expression", "collector",
)  # fmt: skip
_HOLD_COLUMNS = ("declaration_id", "authority", "kind", "opened_at", "lifted_by", "reason_code")
# What each authority that a pack names holds the goods for; payment is added when something is due.
_HOLD_KINDS = {
    "customs": Hold.Kind.RISK,
    "tax": Hold.Kind.ASSESSMENT,
    "quarantine": Hold.Kind.SPS,
    "port": Hold.Kind.ARRIVAL,
}


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A statement without problems, its facts, the law's answer, and by what right it is lodged."""

    statement: Statement
    facts: ConsignmentFacts
    result: AssessmentResult
    mrn: str
    assessment_id: int
    warrant: Warrant


@transaction.atomic
def lodge(declaration_ids: Collection[int], *, by: User, at: datetime) -> dict[int, tuple[Problem, ...]]:
    """Accept the drafts without problems and return the problems of the others, by id.

    A fixed number of statements whatever the number of declarations. A declaration that is no draft
    is left as it is and reported with DE-00. No mandate ends while something is lodged under it.
    """
    statuses = lock(declaration_ids)
    statements = read_statements([key for key, status in statuses.items() if status == Status.DRAFT])
    refused: dict[int, tuple[Problem, ...]] = {
        key: (_not_a_draft(),) for key in declaration_ids if key not in statements
    }
    powers = hold_powers(statements, by=by)
    good = []
    for key, statement in sorted(statements.items()):
        facts, result, problems = judge(statement, at=at, language=get_language() or "en")
        warrant, against = right_to_lodge(statement, powers[key], at=at)
        if problems or against or result is None or warrant is None:
            refused[key] = (*against, *problems)
        else:
            good.append((statement, facts, result, warrant))
    _accept(_numbered(good, at=at), by=by, at=at)
    return refused


def lodge_one(declaration: Declaration, *, by: User, at: datetime) -> Declaration:
    """Lodge one draft; raises Refused with every problem at once."""
    problems = lodge([declaration.pk], by=by, at=at)
    if problems:
        raise Refused(problems[declaration.pk])
    declaration.refresh_from_db()
    return declaration


def judge(
    statement: Statement, *, at: datetime, language: str = "en"
) -> tuple[ConsignmentFacts, AssessmentResult | None, list[Problem]]:
    """Check a statement and assess it as of `at`; the result is None when the law cannot be applied."""
    problems = problems_of(statement)
    facts = facts_of(statement, on=at.date())
    if not statement.goods_items or not statement.declaration.currency:
        return facts, None, problems
    try:
        result = assess(facts, language=language)
    except CannotAssess as error:
        return facts, None, [*problems, *_of_law(error.problems, statement)]
    found = [*_of_law(result.problems, statement), *_not_declared_here(result), *_missing_papers(result)]
    return facts, result, [*problems, *found]


def _not_declared_here(result: AssessmentResult) -> list[Problem]:
    # China's general trade, say, is assessed, but has no type of declaration that is lodged here.
    if result.outcome != "assessed" or result.declaration_type:
        return []
    return [
        Problem(
            "regime",
            result.route_rule,
            _("These goods would be imported under another regime: %(regime)s.")
            % {"regime": regime_name(result.regime)},
            _("Change the goods, or ask an agent to declare them under that regime."),
        )
    ]


def _of_law(problems: Sequence[Problem], statement: Statement) -> list[Problem]:
    """Name lines by their number instead of their place, and problems by the number of their rule."""
    return [
        replace(
            _quantity_missing(problem) if problem.code == "quantity_missing" else _plain(problem),
            path=_by_line(problem.path, statement),
        )
        for problem in problems
    ]


def _plain(problem: Problem) -> Problem:
    return Problem(problem.path, _rule_of(problem), problem.message, problem.fix)


def _quantity_missing(problem: Problem) -> Problem:
    # The law names what its duty counts by codes of its own; the declaration has a field for each.
    return Problem(
        problem.path,
        _rule_of(problem),
        _("The duty cannot be worked out; %(what)s.") % {"what": problem.message},
        _("Give it with the line, under More about this line."),
    )


def _rule_of(problem: Problem) -> str:
    return getattr(problem, "rule", "") or problem.code


def _by_line(path: str, statement: Statement) -> str:
    head, _, rest = path.partition(".")
    place, _, field = rest.partition(".")
    if head != "goods_items" or not place.isdigit():
        return path
    return f"goods_items.{statement.goods_items[int(place)].line_no}.{field}"


def _missing_papers(result: AssessmentResult) -> list[Problem]:
    return [
        Problem(
            f"goods_items.{paper.line_no}.documents",
            paper.rule,
            paper.sentence,
            _("Attach it to line %(line)s under Supporting documents.") % {"line": paper.line_no},
        )
        for paper in result.required_documents
        if not paper.is_present
    ]


def _numbered(
    good: Sequence[tuple[Statement, ConsignmentFacts, AssessmentResult, Warrant]], *, at: datetime
) -> list[_Accepted]:
    if not good:
        return []
    numbers = next_ids(MRN_SEQUENCE, len(good))
    assessment_ids = next_ids(id_sequence("declarations_assessment"), len(good))
    return [
        _Accepted(
            statement,
            facts,
            result,
            mrn(number, country=str(statement.declaration.jurisdiction), on=at.date()),
            assessment_id,
            warrant,
        )
        for (statement, facts, result, warrant), number, assessment_id in zip(
            good, numbers, assessment_ids, strict=True
        )
    ]


def _accept(accepted: Sequence[_Accepted], *, by: User, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE declarations_declaration AS declaration
            SET status = 'accepted', accepted_at = %s, mrn = wish.mrn,
                representative_id = wish.representative, mandate_id = wish.mandate
            FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[])
                 AS wish (id, mrn, representative, mandate)
            WHERE declaration.id = wish.id AND declaration.status = 'draft'
            """,
            [
                at,
                [_key(one) for one in accepted],
                [one.mrn for one in accepted],
                [one.warrant.company.pk if one.warrant.mandate else None for one in accepted],
                [one.warrant.mandate.pk if one.warrant.mandate else None for one in accepted],
            ],
        )
    insert_rows(
        "declarations_assessment", _ASSESSMENT_COLUMNS, [_assessment_row(one, at) for one in accepted]
    )
    insert_rows(
        "declarations_charge", _CHARGE_COLUMNS, [row for one in accepted for row in _charge_rows(one)]
    )
    insert_rows("declarations_hold", _HOLD_COLUMNS, [row for one in accepted for row in _hold_rows(one, at)])
    record([_accepted_event(one, by) for one in accepted], at=at)


def _assessment_row(one: _Accepted, at: datetime) -> tuple[Any, ...]:
    result = one.result
    return (
        one.assessment_id,
        _key(one),
        one.statement.declaration.version,
        result.regime,
        result.pack_version,
        result.currency,
        result.customs_value,
        result.payable_by_trader_now,
        json.dumps(to_snapshot(one.facts, result), ensure_ascii=False),
        at,
    )


def _charge_rows(one: _Accepted) -> list[tuple[Any, ...]]:
    items = {item.line_no: item.pk for item in one.statement.goods_items}
    return [
        (
            one.assessment_id,
            items[line.line_no],
            charge.type,
            charge.base,
            "" if charge.rate is None else str(charge.rate),
            charge.amount,
            charge.rule,
            charge.expression[:200],
            charge.collector,
        )
        for line in one.result.goods
        for charge in line.charges
    ] + [
        (one.assessment_id, None, fee.type, 0, "", fee.amount, fee.rule, fee.expression[:200], fee.collector)
        for fee in one.result.fees
    ]


def _hold_rows(one: _Accepted, at: datetime) -> list[tuple[Any, ...]]:
    rows = [(_key(one), agency, _HOLD_KINDS[agency], at, "", "") for agency in one.result.agencies]
    if one.result.payable_by_trader_now > 0:
        rows.append((_key(one), "tax", Hold.Kind.PAYMENT, at, "", ""))
    return rows


def _accepted_event(one: _Accepted, by: User) -> NewEvent:
    payload = {
        "mrn": one.mrn,
        "regime": one.result.regime,
        "payable": f"{one.result.payable_by_trader_now} {one.result.currency}",
    }
    actor = by.actor_under(one.warrant.mandate)
    return NewEvent("declaration", _key(one), "declaration.accepted", actor, payload)


def _key(one: _Accepted) -> int:
    return one.statement.declaration.pk


def _not_a_draft() -> Problem:
    return Problem(
        "declaration",
        "DE-00",
        _("This declaration is lodged already."),
        _("Open it to see what happens next."),
    )
