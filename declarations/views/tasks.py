"""The task list of a draft: each state comes from real problems, each problem from its section."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from declarations.forms.parties import PartiesForm
from declarations.forms.section import SectionForm
from declarations.forms.tax import TaxForm
from declarations.forms.transport import TransportForm
from declarations.labels import authority_name
from declarations.models import SupportingDocument
from declarations.sections import TITLES
from declarations.views.judging import Judgement
from swindow.accounts.models import Act
from swindow.components import Task, TaskGroup, TaskList, TaskState
from swindow.dates import day

_FORMS: dict[str, type[SectionForm]] = {"parties": PartiesForm, "transport": TransportForm, "tax": TaxForm}


def task_list(judgement: Judgement, *, may: Container[str]) -> TaskList:
    """Return the tasks of a draft, grouped as the seller thinks of them; links for whoever may do them."""
    parties, transport = _task(judgement, "parties"), _task(judgement, "transport")
    goods, documents = _task(judgement, "goods"), _task(judgement, "documents")
    inspection, tax = _inspection(judgement), _task(judgement, "tax")
    before = (parties, transport, goods, documents, inspection, tax)
    check = _check(judgement, before, may=may)
    if Act.PREPARE not in may:
        parties, transport, goods, documents, tax = (
            replace(task, url="") for task in (parties, transport, goods, documents, tax)
        )
    return TaskList(
        [
            TaskGroup(_("Your import"), [parties, transport]),
            TaskGroup(_("Goods"), [goods, documents]),
            TaskGroup(_("Safety and quarantine"), [inspection]),
            TaskGroup(_("Pay and submit"), [tax, check]),
        ]
    )


def first_open(tasks: TaskList) -> Task:
    """Return where to go on: what needs attention first, then what is not begun, then the check."""
    ranked = sorted(
        (task for task in tasks.tasks if task.url and not task.is_settled and task.state != "lock"),
        key=lambda task: task.state == "todo",
    )
    return ranked[0] if ranked else tasks.tasks[-1]


def section_url(section: str, reference: str) -> str:
    """Return the address of a section."""
    return reverse(f"declarations:{section}", args=[reference])


def _task(judgement: Judgement, section: str) -> Task:
    problems = judgement.of(section)
    state: TaskState = "ok"
    if problems:
        state = "warn" if _is_begun(judgement, section) else "todo"
    if any(problem.path == "regime" for problem in problems):
        state = "bad"
    description = _SUMMARIES[section](judgement)
    if state in ("warn", "bad"):
        description = _first_problem(judgement, section)
    return Task(state, TITLES[section], description, _url(judgement, section))


def _first_problem(judgement: Judgement, section: str) -> str:
    found = [(place, problem) for place, problem in judgement.found if place.section == section]
    place, problem = found[0]
    text = problem.message
    if place.line_no:
        text = _("Line %(line)s: %(text)s") % {"line": place.line_no, "text": text}
    more = len(found) - 1
    tail = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
    return _("%(text)s (%(more)s)") % {"text": text, "more": tail} if more else text


def _is_begun(judgement: Judgement, section: str) -> bool:
    statement = judgement.statement
    if any(name.partition(".")[0] == section for name in judgement.unstored):
        return True
    if section == "goods":
        return bool(statement.goods_items)
    if section == "documents":
        return bool(statement.documents)
    return _FORMS[section].is_begun(statement.declaration)


def _inspection(judgement: Judgement) -> Task:
    title = TITLES["inspection"]
    if not judgement.statement.goods_items or judgement.result is None:
        return Task("lock", title, _("Known once the goods are listed"))
    url = _url(judgement, "inspection")
    if not judgement.required:
        return Task("na", title, _("These goods need no certificate and no quarantine examination"), url)
    missing = judgement.of("inspection")
    if missing:
        return Task("warn", title, _first_problem(judgement, "inspection"), url)
    count = len(judgement.required)
    text = ngettext("%(count)d certificate attached", "%(count)d certificates attached", count)
    names = _listed(dict.fromkeys(authority_name(paper.agency) for paper in judgement.required))
    words = {"attached": text % {"count": count}, "names": names}
    return Task("ok", title, _("%(attached)s. %(names)s") % words, url)


def _check(judgement: Judgement, before: Sequence[Task], *, may: Container[str]) -> Task:
    title = TITLES["check"]
    waiting = [str(task.title) for task in before if not task.is_settled]
    if waiting:
        names = _listed(waiting)
        return Task("lock", title, _("Still to do: %(names)s") % {"names": names})
    problems = judgement.of("check")
    url = _url(judgement, "check")
    if problems:
        return Task("warn", title, problems[0].sentence, url)
    text = _("Everything is there. Check it and submit.")
    if Act.LODGE not in may:
        text = _("Everything is there. Somebody who may lodge declarations submits it.")
    return Task("todo", title, text, url, _("Ready"))


def _url(judgement: Judgement, section: str) -> str:
    return section_url(section, judgement.statement.declaration.reference)


def _parties_summary(judgement: Judgement) -> str:
    declaration = judgement.statement.declaration
    if not declaration.consignee_name:
        return _("Buyer, sender and order")
    words = {"name": declaration.consignee_name, "order": declaration.order_number}
    return _("%(name)s, order %(order)s") % words if declaration.order_number else declaration.consignee_name


def _transport_summary(judgement: Judgement) -> str:
    consignment = judgement.statement.consignment
    if not consignment.transport_mode:
        return _("Air, sea, land or post, and when the goods arrive")
    parts = [f"{consignment.get_document_kind_display()} {consignment.document_number}".strip()]
    if consignment.arrival_on:
        parts.append(_("arriving %(day)s") % {"day": day(consignment.arrival_on)})
    return pgettext("between parts", ", ").join(parts)


def _goods_summary(judgement: Judgement) -> str:
    items = judgement.statement.goods_items
    if not items:
        return _("What you import, from your products or typed")
    gross = sum((item.gross_mass_kg for item in items), Decimal(0))
    lines = ngettext("%(count)d line", "%(count)d lines", len(items)) % {"count": len(items)}
    return pgettext("between parts", ", ").join((lines, f"{gross.normalize():f} kg"))


def _documents_summary(judgement: Judgement) -> str:
    papers = judgement.statement.documents
    if not papers:
        return _("Invoice or order, and what else the goods need")
    return _listed(_kinds(papers))


def _listed(names: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(names)


def _kinds(papers: Sequence[SupportingDocument]) -> Iterator[str]:
    yield from dict.fromkeys(str(paper.get_kind_display()) for paper in papers)


def _tax_summary(judgement: Judgement) -> str:
    declaration = judgement.statement.declaration
    if declaration.payment_method:
        return str(declaration.get_payment_method_display())
    return _("Choose card, bank transfer or your deferment account")


_SUMMARIES = {
    "parties": _parties_summary,
    "transport": _transport_summary,
    "goods": _goods_summary,
    "documents": _documents_summary,
    "tax": _tax_summary,
}
