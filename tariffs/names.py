"""What taxes, fees, regimes, collectors and units are called, for a person in any language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_TAXES: Mapping[str, Promise] = {
    "customs_duty": _("Customs duty"),
    "vat": _("VAT"),
    "gst": _("GST"),
    "consumption": _("Consumption tax"),
    "excise": _("Excise duty"),
    "postal_tax": _("Parcel tax"),
    "icms": _("State tax (ICMS)"),
    "igst": _("Integrated GST"),
    "sws": _("Social welfare surcharge"),
    "s301": _("Section 301 duty"),
    "s232": _("Section 232 duty"),
    "s122": _("Section 122 surcharge"),
    "antidumping": _("Anti-dumping duty"),
    "countervailing": _("Countervailing duty"),
    "safeguard": _("Safeguard duty"),
    "additional_duty": _("Additional duty"),
    "national_fee": _("National parcel fee"),
    "handling_fee": _("Handling fee"),
    "mpf": _("Merchandise processing fee"),
    "hmf": _("Harbor maintenance fee"),
    "mail_fee": _("Dutiable mail fee"),
    "ipc": _("Import processing charge"),
    "daff_fid": _("Biosecurity declaration charge"),
    "carrier_fee": _("Carrier's fee"),
}
_REGIMES: Mapping[str, Promise] = {
    "cn_cbec_retail": _("Cross-border e-commerce retail import"),
    "cn_general_trade": _("General trade"),
    "cn_personal_postal": _("Personal postal articles"),
    "us_formal": _("Formal entry"),
    "us_informal": _("Informal entry"),
    "us_mail": _("Mail entry"),
    "jp_personal": _("Import for personal use"),
    "eaeu_ecommerce": _("E-commerce goods"),
    "eaeu_personal": _("Goods for personal use"),
    "in_personal": _("Import for personal use"),
    "br_remessa_conforme": _("Remessa Conforme programme"),
    "br_outside_programme": _("Simplified import outside the programme"),
}
_BY_ENDING: Mapping[str, Promise] = {
    "_low_value": _("Low-value consignment"),
    "_standard": _("Standard declaration"),
}
# The names by which duties know them (tariffs.duties.units).
SUPPLEMENTARY_UNITS = (
    ("p/st", _("pieces")),
    ("pa", _("pairs")),
    ("l", _("litres")),
    ("l alc. 100%", _("litres of pure alcohol")),
    ("m", _("metres")),
    ("m2", _("square metres")),
    ("kg", _("kg")),
    ("ct", _("carats")),
)
_COLLECTORS: Mapping[str, Promise] = {
    "vendor": _("taken by the seller at sale"),
    "platform": _("paid by the platform"),
    "carrier": _("paid by the carrier"),
    "border": _("paid at the border"),
    "buyer": _("paid by the buyer"),
}


def tax_name(code: str) -> str:
    """Return a tax's or fee's name; the code in words where there is none."""
    return str(_TAXES.get(code, code.replace("_", " ").capitalize()))


def regime_name(code: str) -> str:
    """Return an import regime's name; the code in words where there is none."""
    ending = next((name for end, name in _BY_ENDING.items() if code.endswith(end)), code.replace("_", " "))
    return str(_REGIMES.get(code, ending))


def collector_name(code: str) -> str:
    """Return who collects a charge."""
    return str(_COLLECTORS.get(code, code))
