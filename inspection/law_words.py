"""Drafts of the law in words: what was done to them, what differs, what their columns are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from declarations.actors import names_of
from swindow.components import Step, StepState
from swindow.events.models import Event
from tariffs.drafting.differences import Change, Difference
from tariffs.drafting.tables import CONTROLS, RATES
from tariffs.law_names import agency_name, row_name
from tariffs.lifecycle import SUBJECT
from tariffs.models import PackDraft

_MOST_EVENTS = 100
_KINDS: Mapping[str, tuple[Promise, str, str]] = {
    "added": (gettext_lazy("Added"), "ok", "plus"),
    "closed": (gettext_lazy("Ends"), "info", "calendar-due"),
    "rewritten": (gettext_lazy("Rewritten"), "", "pencil"),
    "removed": (gettext_lazy("Taken out"), "warn", "minus"),
}
_ACTS: Mapping[str, tuple[Promise, StepState]] = {
    "pack_draft.started": (gettext_lazy("Draft begun"), "done"),
    "pack_draft.proposed": (gettext_lazy("Proposed for publication"), "done"),
    "pack_draft.sent_back": (gettext_lazy("Sent back to its author"), "warn"),
    "pack_draft.withdrawn": (gettext_lazy("Withdrawn"), "bad"),
    "pack_draft.published": (gettext_lazy("Published as law"), "done"),
    "rate.added": (gettext_lazy("Row added"), "done"),
    "rate.changed": (gettext_lazy("Row changed from a day on"), "done"),
    "rate.closed": (gettext_lazy("Row given an end"), "done"),
    "rate.taken_out": (gettext_lazy("New row taken out again"), "done"),
    "parameter.added": (gettext_lazy("Parameter added"), "done"),
    "parameter.changed": (gettext_lazy("Parameter changed from a day on"), "done"),
    "parameter.closed": (gettext_lazy("Parameter given an end"), "done"),
    "file.written": (gettext_lazy("File written"), "done"),
    "file.restored": (gettext_lazy("File put back as it is published"), "done"),
}
_COLUMNS: Mapping[str, Promise] = {
    "expression": gettext_lazy("duty or tax"),
    "value": gettext_lazy("value"),
    "valid_from": gettext_lazy("from"),
    "valid_to": gettext_lazy("until (not included)"),
    "source": gettext_lazy("source"),
    "source_date": gettext_lazy("date of the source"),
    "verified": gettext_lazy("compared with the source"),
    "enabled": gettext_lazy("is applied"),
    "rule": gettext_lazy("rule"),
    "gate": gettext_lazy("only when"),
    "when": gettext_lazy("when"),
    "preference": gettext_lazy("preference code"),
    "proof": gettext_lazy("proof of origin"),
    "measure": gettext_lazy("measure"),
    "origin": gettext_lazy("countries of origin"),
    "country": gettext_lazy("country of import"),
    "name_en": gettext_lazy("name, English"),
    "name_zh": gettext_lazy("name, Chinese"),
    "sentence_en": gettext_lazy("sentence, English"),
    "sentence_zh": gettext_lazy("sentence, Chinese"),
    "en": gettext_lazy("sentence, English"),
    "zh": gettext_lazy("sentence, Chinese"),
    "document_types": gettext_lazy("papers"),
    "agency": gettext_lazy("agency"),
    "base": gettext_lazy("base"),
    "amount": gettext_lazy("amount"),
    "input": gettext_lazy("what is declared"),
    "payable": gettext_lazy("payable"),
    "by_type": gettext_lazy("by tax"),
    "outcome": gettext_lazy("outcome"),
}
# Said in the title already.
_TITLED = frozenset(["type", "hs_prefix", "level", "id", "name", "code"])
_MOST_SHOWN = 200
_FLAGS: Mapping[str, Promise] = {"true": gettext_lazy("yes"), "false": gettext_lazy("no")}
# What every new row says of itself.
_USUAL = frozenset([("enabled", "true")])


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One figure of a row in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """One row that differs, in words; `icon` and `mood` draw its kind."""

    file: str
    line: int
    kind: str
    mood: str
    icon: str
    title: str
    is_new: bool
    changes: Sequence[ShownChange]
    rewrites_history: bool


def shown_differences(differences: Sequence[Difference]) -> list[ShownDifference]:
    """Return what differs in words, at most two hundred rows."""
    return [_shown(difference) for difference in differences[:_MOST_SHOWN]]


def title_of(values: Mapping[str, str]) -> str:
    """Return what a row of rates.csv or controls.csv is about."""
    name = row_name(values["type"]) if "type" in values else agency_name(values.get("agency", ""))
    parts = (name, values.get("hs_prefix", ""), values.get("country", ""), values.get("origin", ""))
    return " ".join(part.replace("|", " ") for part in parts if part)


def entries_of(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return a row's filled entries in words, without those that its title says."""
    texts = {name: _written(value) for name, value in values.items()}
    return [
        (column_name(name), _figure(text)) for name, text in texts.items() if text and name not in _TITLED
    ]


def column_name(column: str) -> str:
    """Return what a column or an entry is called."""
    return str(_COLUMNS.get(column) or column.replace("_", " "))


def history_of_draft(draft: PackDraft) -> list[Step]:
    """Return who did what when and why, the newest first."""
    events = Event.objects.filter(subject_kind=SUBJECT, subject_id=draft.pk).order_by("-seq")
    chain = list(events[:_MOST_EVENTS])
    names = names_of({event.actor for event in chain})
    return [_step(event, names[event.actor]) for event in chain]


def _shown(difference: Difference) -> ShownDifference:
    kind, mood, icon = _KINDS[difference.kind]
    is_table = difference.file in (RATES, CONTROLS) and difference.values is not None
    changes = [
        ShownChange(column_name(change.name), _figure(change.old), _figure(change.new))
        for change in difference.changes
        if difference.kind == "rewritten" or _is_told(change)
    ]
    return ShownDifference(
        file=difference.file,
        line=difference.line,
        kind=str(kind),
        mood="bad" if difference.rewrites_history else mood,
        icon=icon,
        title=title_of(difference.values or {}) if is_table else difference.title,
        is_new=difference.kind == "added",
        changes=changes,
        rewrites_history=difference.rewrites_history,
    )


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_told(change: Change) -> bool:
    return change.name not in _TITLED and (change.name, change.new) not in _USUAL


def _figure(text: str) -> str:
    return str(_FLAGS.get(text, text))


def _step(event: Event, name: str) -> Step:
    payload = event.payload
    title, state = _ACTS.get(str(payload.get("act", event.kind))) or (event.kind, "done")
    figures = " → ".join(filter(None, (payload.get("old"), payload.get("new"))))
    day = _("from %(day)s") % {"day": payload["from"]} if payload.get("from") else ""
    parts = (name, payload.get("row"), figures, day, payload.get("note"))
    return Step(title, state, pgettext("between parts", ", ").join(filter(None, parts)), at=event.occurred_at)
