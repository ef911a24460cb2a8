"""What the papers are called that the law asks for, in any language."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Proofs of a preferential origin first: they lower the duty.
PAPERS: Mapping[str, Promise] = {
    "certificate_of_origin": _("Certificate of origin"),
    "statement_on_origin": _("Statement on origin"),
    "eur1_certificate": _("EUR.1 movement certificate"),
    "atr_certificate": _("A.TR movement certificate"),
    "health_certificate": _("Health certificate"),
    "phytosanitary_certificate": _("Phytosanitary certificate"),
    "label": _("Label"),
    "other": _("Other paper"),
}


def paper_name(code: str) -> str:
    """Return a paper's name; the code in words where there is none."""
    return str(PAPERS.get(code, code.replace("_", " ").capitalize()))


def paper_names(codes: Iterable[str]) -> str:
    """Return the names of papers of which any one will do, put together."""
    return str(_(" or ")).join(paper_name(code) for code in codes)
