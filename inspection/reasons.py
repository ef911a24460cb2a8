"""The reason codes of each authority, by what they are for; the sentence is what officers choose by."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inspection.models import Authority

Act = Literal["approve", "ask", "refuse"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One code and what it says."""

    code: str
    sentence: str | Promise


_REASONS: dict[str, dict[Act, tuple[Reason, ...]]] = {
    Authority.CUSTOMS: {
        "approve": (
            Reason("C00", _("Nothing to object to")),
            Reason("C01", _("Papers and goods agree")),
            Reason("C02", _("The answer explains the difference")),
            Reason("C03", _("The buyer's objection is settled")),
        ),
        "ask": (
            Reason("Q12", _("Quantity, value or mass differs from a paper")),
            Reason("Q13", _("The description does not say what the goods are")),
            Reason("Q14", _("The price needs proof")),
            Reason("Q15", _("Another commodity code seems right")),
            Reason("Q16", _("The origin needs proof")),
        ),
        "refuse": (
            Reason("C21", _("The papers differ from the declaration")),
            Reason("C22", _("These goods may not be imported")),
            Reason("C23", _("The declared value is not true")),
            Reason("C24", _("The question was not answered")),
            Reason("C25", _("The named buyer ordered nothing")),
        ),
    },
    Authority.TAX: {
        "approve": (Reason("T00", _("The charges are right")),),
        "ask": (
            Reason("Q21", _("Proof of payment by the buyer is missing")),
            Reason("Q22", _("The tax registration number cannot be confirmed")),
        ),
        "refuse": (
            Reason("T11", _("The charges do not add up to the assessed amount")),
            Reason("T12", _("The tax registration is not valid")),
            Reason("T13", _("The buyer's yearly limit is passed")),
        ),
    },
    Authority.QUARANTINE: {
        "approve": (
            Reason("N00", _("Certificates are in order")),
            Reason("N01", _("The goods were looked at and are in order")),
        ),
        "ask": (
            Reason("Q41", _("Number or date of the certificate is missing")),
            Reason("Q42", _("The certificate cannot be read")),
            Reason("Q43", _("Ingredients or treatment must be named")),
        ),
        "refuse": (
            Reason("N12", _("The certificate is too old or later than the arrival")),
            Reason("N13", _("The certificate has no number or date")),
            Reason("N14", _("These goods may not enter")),
            Reason("N15", _("Pests or disease were found")),
        ),
    },
    Authority.PORT: {
        "approve": (Reason("P00", _("The goods are there")),),
        "ask": (Reason("Q61", _("The transport document does not match the goods")),),
        "refuse": (
            Reason("P11", _("The goods did not arrive")),
            Reason("P12", _("The packages are damaged or opened")),
        ),
    },
}


def reasons_for(authority: str, act: Act) -> tuple[Reason, ...]:
    """Return the reasons that an authority may give for an act; the first is the usual one."""
    return _REASONS[authority][act]


def sentence_of(authority: str, code: str) -> str:
    """Return what a code says; the code itself when it is none of ours."""
    acts = _REASONS.get(authority, {}).values()
    return next((str(reason.sentence) for act in acts for reason in act if reason.code == code), code)
