"""What the papers are called that the law asks for, and the authorities that read them."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Proofs of a preferential origin first: they lower the duty.
PAPERS: Mapping[str, Promise] = {
    "certificate_of_origin": gettext_lazy("Certificate of origin"),
    "statement_on_origin": gettext_lazy("Statement on origin"),
    "eur1_certificate": gettext_lazy("EUR.1 movement certificate"),
    "atr_certificate": gettext_lazy("A.TR movement certificate"),
    "health_certificate": gettext_lazy("Health certificate"),
    "phytosanitary_certificate": gettext_lazy("Phytosanitary certificate"),
    "label": gettext_lazy("Label"),
    "other": gettext_lazy("Other paper"),
}
_AUTHORITIES: Mapping[str, Promise] = {
    "customs": gettext_lazy("Customs"),
    "tax": gettext_lazy("Tax office"),
    "quarantine": gettext_lazy("Quarantine"),
    "port": gettext_lazy("Port"),
}


def paper_name(code: str) -> str:
    """Return a paper's name; the code in words where there is none."""
    return str(PAPERS.get(code, code.replace("_", " ").capitalize()))


def paper_names(codes: Iterable[str]) -> str:
    """Return the names of papers of which any one will do, put together."""
    return _(" or ").join(paper_name(code) for code in codes)


def authority_name(code: str) -> str:
    """Return an authority's name."""
    return str(_AUTHORITIES.get(code, code))
