"""What a person reads: states derived from holds, questions and papers, events as sentences; pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise
Tone = Literal["", "ok", "warn", "bad", "info"]
Mood = Literal["done", "now", "next", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class State:
    """A label with its colour and its picture; `code` names it for filters and tests."""

    code: str
    label: Text
    tone: Tone
    icon: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the derived states look at."""

    status: str
    holds: Collection[tuple[str, str]] = ()
    questions: Collection[str] = ()
    is_paying: bool = False
    has_failed_payment: bool = False
    is_paper_pending: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a sentence; `detail` says more where there is more."""

    title: str
    detail: str = ""
    mood: Mood = "done"


_LEGAL = {
    "draft": State("draft", gettext_lazy("Draft"), "", "pencil"),
    "accepted": State("accepted", gettext_lazy("Accepted"), "info", "progress-check"),
    "released": State("released", gettext_lazy("Released"), "ok", "circle-check"),
    "rejected": State("rejected", gettext_lazy("Refused"), "bad", "ban"),
    "invalidated": State("invalidated", gettext_lazy("Invalidated"), "", "circle-x"),
}
QUESTION = State("question", gettext_lazy("Question for you"), "warn", "message-question")
AWAITING_PAYMENT = State("awaiting_payment", gettext_lazy("Awaiting payment"), "warn", "credit-card")
PAYING = State("paying", gettext_lazy("Payment is being collected"), "info", "hourglass")
PAYMENT_FAILED = State("payment_failed", gettext_lazy("Payment failed"), "bad", "alert-circle")
OBJECTED = State("objected", gettext_lazy("The buyer objects"), "bad", "alert-circle")
PAPERS_PENDING = State("papers_pending", gettext_lazy("Papers are being made"), "info", "hourglass")
_WITH = {
    "customs": State("with_customs", gettext_lazy("With customs"), "info", "hourglass"),
    "tax": State("with_tax", gettext_lazy("With the tax office"), "info", "hourglass"),
    "quarantine": State("with_quarantine", gettext_lazy("With quarantine"), "info", "microscope"),
    "port": State("with_port", gettext_lazy("Awaiting arrival"), "info", "package-import"),
}
_AUTHORITIES = {
    "customs": gettext_lazy("Customs"),
    "tax": gettext_lazy("Tax office"),
    "quarantine": gettext_lazy("Quarantine"),
    "port": gettext_lazy("Port"),
}
UNITS = {
    "piece": gettext_lazy("pieces"),
    "pair": gettext_lazy("pairs"),
    "set": gettext_lazy("sets"),
    "kg": gettext_lazy("kg"),
    "l": gettext_lazy("litres"),
    "m": gettext_lazy("metres"),
}
_ONE = {"piece": gettext_lazy("piece"), "pair": gettext_lazy("pair"), "set": gettext_lazy("set")}
_MODE_ICONS = {"air": "plane-inflight", "sea": "ship", "road": "truck", "post": "mailbox"}


def legal_state(status: str) -> State:
    """Return the label of a legal status."""
    return _LEGAL[status]


def states_of(standing: Standing) -> list[State]:
    """Return the labels of a declaration, the most pressing for the seller first."""
    if standing.status == "released" and standing.is_paper_pending:
        return [_LEGAL["released"], PAPERS_PENDING]
    if standing.status != "accepted":
        return [_LEGAL[standing.status]]
    found = [QUESTION] if standing.questions else []
    if any(kind == "identity" for _authority, kind in standing.holds):
        found.append(OBJECTED)
    found += _payment_states(standing)
    authorities = {authority for authority, kind in standing.holds if kind != "payment"}
    found += [state for authority, state in _WITH.items() if authority in authorities]
    return found or [_LEGAL["accepted"]]


def authority_name(code: str) -> str:
    """Return an authority's name."""
    return str(_AUTHORITIES.get(code, code))


def unit_name(code: str, count: Decimal) -> str:
    """Return a unit's name, one or many."""
    if count == 1 and code in _ONE:
        return str(_ONE[code])
    return str(UNITS.get(code, code))


def quantity_name(quantity: Decimal, unit: str) -> str:
    """Return a quantity with its unit: 2 pieces."""
    return f"{quantity.normalize():f} {unit_name(unit, quantity)}"


def mode_icon(mode: str) -> str:
    """Return the picture of a mode of transport."""
    return _MODE_ICONS.get(mode, "route")


def told(kind: str, payload: Mapping[str, Any]) -> Told | None:
    """Return an event as its sentence; None for one that concerns only machines."""
    if kind == "hold.lifted":
        return Told(_lifted(str(payload.get("authority", "")), str(payload.get("kind", ""))))
    teller = _TELLERS.get(kind)
    return teller(payload) if teller else None


def waiting_for(authority: str, kind: str) -> Told:
    """Return an open hold as the sentence of what is going on."""
    sentences = {
        "risk": _("Customs examines the declaration"),
        "assessment": _("The tax office checks the charges"),
        "payment": _("The charges wait for payment"),
        "sps": _("Quarantine examines the goods and their certificates"),
        "arrival": _("The port waits for the goods"),
        "identity": _("Customs looks into the buyer's objection"),
    }
    return Told(sentences.get(kind, authority_name(authority)), mood="now")


def hold_name(kind: str) -> str:
    """Return what a hold is for."""
    names = {
        "risk": _("Customs examination"),
        "assessment": _("Tax examination"),
        "payment": _("Payment"),
        "sps": _("Health and quarantine examination"),
        "arrival": _("Arrival of the goods"),
        "identity": _("The buyer's objection"),
    }
    return names.get(kind, kind)


def _payment_states(standing: Standing) -> list[State]:
    if not any(kind == "payment" for _authority, kind in standing.holds):
        return []
    if standing.is_paying:
        return [PAYING]
    return [PAYMENT_FAILED, AWAITING_PAYMENT] if standing.has_failed_payment else [AWAITING_PAYMENT]


def _lifted(authority: str, kind: str) -> str:
    sentences = {
        "risk": _("Customs has no objection"),
        "assessment": _("The tax office confirmed the charges"),
        "payment": _("The charges are paid"),
        "sps": _("Quarantine has no objection"),
        "arrival": _("The goods have arrived"),
        "identity": _("Customs settled the buyer's objection"),
    }
    return sentences.get(kind, _("%(name)s has no objection") % {"name": authority_name(authority)})


def _asked(payload: Mapping[str, Any]) -> Told:
    name = authority_name(str(payload.get("authority", "")))
    return Told(_("%(name)s asked a question") % {"name": name}, mood="warn")


def _answered(payload: Mapping[str, Any]) -> Told:
    name = authority_name(str(payload.get("authority", "")))
    return Told(_("You answered %(name)s") % {"name": name})


def _rejected(payload: Mapping[str, Any]) -> Told:
    name = authority_name(str(payload.get("authority", "")))
    code = str(payload.get("reason_code", ""))
    reason = _("Reason %(code)s") % {"code": code} if code else ""
    return Told(_("%(name)s refused the goods") % {"name": name}, reason, mood="bad")


def _accepted(payload: Mapping[str, Any]) -> Told:
    return Told(_("Customs accepted the declaration"), _("MRN %(mrn)s") % {"mrn": payload.get("mrn", "")})


def _disputed(payload: Mapping[str, Any]) -> Told:
    detail = _("The goods are held for customs.") if payload.get("kind") else _("The goods were not held.")
    return Told(_("The named buyer says that this is not their order"), detail, mood="bad")


def _requested(payload: Mapping[str, Any]) -> Told:
    return Told(_("Payment asked for"), str(payload.get("payment", "")))


_TELLERS: dict[str, Callable[[Mapping[str, Any]], Told]] = {
    "declaration.drafted": lambda _payload: Told(_("You began the declaration")),
    "declaration.accepted": _accepted,
    "reviews.opened": lambda _payload: Told(_("The authorities began to examine it")),
    "request.asked": _asked,
    "request.answered": _answered,
    "payment.requested": _requested,
    "payment.failed": lambda _payload: Told(_("The payment failed"), _("Nothing was taken."), "bad"),
    "payment.disagrees": lambda _payload: Told(
        _("A payment of another amount came in"), _("It is being looked into."), "warn"
    ),
    "declaration.released": lambda _payload: Told(_("The goods are released")),
    "declaration.rejected": _rejected,
    "buyer.told": lambda _payload: Told(_("The named buyer was told")),
    "buyer.confirmed": lambda _payload: Told(_("The named buyer confirmed the order")),
    "buyer.disputed": _disputed,
    "review.reopened": lambda _payload: Told(_("Customs looks at it again"), mood="warn"),
    "documents.issued": lambda _payload: Told(_("The clearance papers are ready")),
}
