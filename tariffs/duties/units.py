"""Units that duties count in: how they are spelled, and how many of a base unit one of them is.

Codes and abbreviations are those of TARIC (measurement units and qualifiers) and of the notes to the United
States' schedule. A unit that counts two things at once (`% vol / hl`) has two factors.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

ABV = "abv_percent"
SUCROSE = "sucrose_percent"
RETAIL_PRICE = "retail_price"
PURE_ALCOHOL = "l alc. 100%"
DEGREES = "degrees"
ITEM = "p/st"


@dataclass(frozen=True, slots=True)
class Factor:
    """One quantity that a unit counts: `size` of `code` make one; `over`, `under` count beyond a number."""

    code: str
    size: Decimal = Decimal(1)
    over: Decimal | None = None
    under: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a duty names it; its quantity is the product of its factors."""

    factors: tuple[Factor, ...]
    text: str

    @property
    def code(self) -> str:
        """Return the codes of what is counted, joined."""
        return " × ".join(factor.code for factor in self.factors)

    @property
    def size(self) -> Decimal:
        """Return how many of its base units one of this unit is."""
        size = Decimal(1)
        for factor in self.factors:
            size *= factor.size
        return size


def read_unit(text: str) -> Unit | None:
    """Return the unit that a text names ("100 kg", "DTN", "1,000 p/st", "kg / lactic."), or None."""
    match = _WHOLE_UNIT.fullmatch(text.strip())
    if match is None:
        return None
    unit = unit_of(match["unit"])
    for qualifier in _QUALIFIER.findall(match["qualifiers"]):
        unit = narrowed(unit, qualifier)
    return replace(unit, text=text.strip())


def component_code(text: str) -> str | None:
    """Return the code of an agricultural component or an additional duty: EA, ADSZ, ADFM, or reduced EAR …"""
    name = re.sub(r"[\s/]|\(REDUCED\)", "", text.upper())
    code = _COMPONENTS.get(name)
    if code is not None:
        return f"{code}R" if "(" in text else code
    code = _COMPONENTS.get(name.removesuffix("R"))
    return f"{code}R" if code else None


@lru_cache(maxsize=4096)
def quantity_code(name: str) -> tuple[str, Decimal]:
    """Return the code that a quantity told under this name counts, and how many of it one is."""
    component = component_code(name)
    if component is not None:
        return component, Decimal(1)
    unit = None if name in _ONES else read_unit(name)
    return (unit.code, unit.size) if unit else (name.strip(), Decimal(1))


def unit_of(text: str) -> Unit:
    """Return the unit of a text that UNIT_PATTERN matched; raises ZeroDivisionError for 0 of a unit."""
    match = _COUNTED.match(text)
    count = Decimal((match[0] if match else "1").replace(",", "").strip())
    if not count:
        raise ZeroDivisionError(text)
    name = text[match.end() :] if match else text
    first, *others = _FACTORS[_key(name)]
    return Unit((replace(first, size=first.size * count), *others), " ".join(text.split()))


def narrowed(unit: Unit, text: str) -> Unit:
    """Return the unit with "over 7", with degrees under 100, or with a qualifier such as lactic matter."""
    spelled = f"{unit.text} {' '.join(text.split())}"
    beyond = _BEYOND.search(text)
    if text.lower().startswith("for"):
        under = Factor(DEGREES, under=Decimal(beyond[1] if beyond else 0))
        return Unit((*unit.factors, under), spelled)
    first, *others = unit.factors
    if beyond:
        return Unit((replace(first, over=Decimal(beyond[1])), *others), spelled)
    return _qualified(unit, name=_QUALIFIERS[_key(text)], spelled=spelled)


def _qualified(unit: Unit, *, name: str, spelled: str) -> Unit:
    if name == SUCROSE:
        return Unit((*unit.factors, Factor(SUCROSE)), spelled)
    first, *others = unit.factors
    code = f"{first.code} {name}" if name else first.code
    return Unit((replace(first, code=code), *others), spelled)


def stand_in(code: str) -> str | None:
    """Return the code that stands in for one that is not measured: net mass for a mass in another state.

    The UK's duty calculator asks one mass in kilograms for most of these; a trace names the stand-in.
    """
    base, _space, qualifier = code.partition(" ")
    return base if qualifier in _STOOD_IN else None


# code -> spellings, each with how many of the code one of it is
_SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "kg": {
        "kg|kgs|kilo|kilogram|kilograms|kilogramme|kilogrammes|KGM": "1",
        "g|gr|gram|grams|GRM": "0.001",
        "mg|milligram|milligrams|MGM": "0.000001",
        "DTN": "100",
        "t|tonne|tonnes|metric ton|metric tons|TNE": "1000",
    },
    "l": {
        "l|lt|litre|litres|liter|liters|LTR|dm3|dm³": "1",
        "ml|millilitre|millilitres|milliliter|milliliters|MLT|cm3|cm³|cc|CMQ": "0.001",
        "cl": "0.01",
        "hl|hectolitre|hectolitres|hectoliter|hectoliters|HLT": "100",
        "m3|m³|cubic metre|cubic metres|cubic meter|cubic meters|MTQ|KLT": "1000",
        "MTQC": "1000000",
        "bbl|barrel|barrels": "158.987294928",
    },
    ITEM: {
        "p/st|pst|pcs|pc|piece|pieces|item|items|unit|units|each|article|articles|head|NAR": "1",
        "pin|pins": "1",
        "dozen|dozens|doz.|dz|DZN": "12",
        "CEN|hundred": "100",
        "gross|GRO": "144",
        "MIL|thousand": "1000",
    },
    "pa": {"pa|pair|pairs|pr.|prs.|NPR": "1", "MPR": "1000"},
    "m": {"m|metre|metres|meter|meters|MTR": "1", "HMT": "100", "km|kilometre|kilometres|KMT": "1000"},
    "m2": {"m2|m²|square metre|square metres|square meter|square meters|sqm|MTK": "1"},
    "ct": {"ct|carat|carats|c/k|CTM": "1"},
    "kWh": {"kWh|KWH": "1", "MWH": "1000"},
    PURE_ALCOHOL: {
        "l alc. 100%|l of pure alcohol|litre of pure alcohol|litres of pure alcohol|LPA": "1",
        # proof is twice the alcohol by volume: a proof liter holds half a liter of pure alcohol
        "pf. liter|pf. litre|proof liter|proof litre": "0.5",
    },
    "l total alc.": {"l total alc.|l tot alc|LTRA": "1"},
    "kg NaOH": {"kg NaOH|KSH": "1"},
    "kg KOH": {"kg KOH|KPH": "1"},
    "kg N": {"kg N|KNI": "1"},
    "kg P2O5": {"kg P2O5|kg P₂O₅|KPP": "1"},
    "kg K2O": {"kg K2O|kg K₂O|KPO": "1"},
    "kg H2O2": {"kg H2O2|kg H₂O₂|KNS": "1"},
    "kg met.am.": {"kg met.am.|kg methylamines|KMA": "1"},
    "kg C5H14ClNO": {"kg C5H14ClNO|kg C₅H₁₄ClNO|KCC": "1"},
    "kg DHS": {"kg DHS|DHS": "1"},
    "kg U": {"kg U|KUR": "1"},
    "kg 90% sdt": {"kg 90% sdt|KSD": "1"},
    "t KCl": {"tonne KCl|t KCl|KCL": "1"},
    "kg polar": {"kg polar|kg/polar": "1", "DAP": "10000"},
    "kg clean": {"clean kg|kg clean": "1"},
    "gi F/S": {"gi F/S|GFI": "1"},
    "ct/l": {"ct/l|CCT": "1"},
    "GT": {"GT|GRT": "1"},
    "ce/el": {"ce/el|cell|cells|NCL": "1"},
    "TJ": {"TJ|TJO": "1"},
    "W": {"watt|watts|WAT": "1"},
    "b/f": {"b/f|NARB": "1"},
    ABV: {"% vol|% vol.|ASV": "1"},
    SUCROSE: {"% sacchar.|% saccha.|% sucrose|BRX": "1"},
}
_COMPOUND: Mapping[str, tuple[Factor, ...]] = {
    "% vol / hl|% vol hl|ASVX|ASV X": (Factor(ABV), Factor("l", Decimal(100))),
    "SPQ": (Factor(PURE_ALCOHOL), Factor("SPR")),
    "line / gross": (Factor("line"), Factor(ITEM, Decimal(144))),
    # the notes to US chapter 91 count the jewels of one movement
    "jewel|jewels": (Factor("jewel"), Factor(ITEM)),
}
# qualifier -> spellings; "" changes nothing, since net is what a mass is anyway
_QUALIFIER_SPELLINGS: Mapping[str, str] = {
    "": "net|net wt|net weight|on ethyl alcohol content",
    "net drained": "net drained wt|net drained weight|net eda|eda|on drained weight|drained weight",
    "net dry": "net dry|net mas|mas|dry matter",
    "gross": "gross|br|gross weight",
    "lactic.": "lactic matter|lactic.",
    "dry lactic.": "dry lactic matter|dry lactic.",
    "std qual": "std qual|standard quality",
    "raw sugar": "raw sugar",
    "live weight": "live weight|live wt",
    "common wheat": "common wheat",
    "tot alc": "tot alc|tot/alc|total alcohol",
    "biodiesel": "biodiesel|of biodiesel content",
    "fuel content": "fuel content|of fuel content",
    "bioethanol": "bioethanol|of bioethanol content",
    SUCROSE: "% sacchar.|% saccha.|% sucrose",
    "lead": "on lead content",
    "copper": "on copper content",
    "tungsten": "on tungsten content",
    "molybdenum": "on molybdenum content",
    "magnesium": "on magnesium content",
    "total sugars": "of total sugars",
    "contents and container": "on contents and container|on entire contents and container",
    "entire contents": "on entire contents of container",
}
# The letter that TARIC appends to KGM, DTN or TNE.
_LETTERS = {
    "A": "tot alc",
    "E": "net drained",
    "F": "common wheat",
    "G": "gross",
    "I": "biodiesel",
    "J": "fuel content",
    "K": "bioethanol",
    "L": "live weight",
    "M": "net dry",
    "P": "lactic.",
    "R": "std qual",
    "S": "raw sugar",
    "T": "dry lactic.",
}
_STOOD_IN = frozenset(
    {
        *("net drained", "net dry", "gross", "lactic.", "dry lactic."),
        *("std qual", "raw sugar", "live weight", "common wheat"),
    }
)
_COMPONENTS = {"AC": "EA", "EA": "EA", "ADSZ": "ADSZ", "SD": "ADSZ", "ADFM": "ADFM", "FD": "ADFM"}
# named like a unit, but one factor of it
_ONES = frozenset({"jewel", "line"})
_MASSES = {"KGM": "1", "DTN": "100", "TNE": "1000"}


def _key(text: str) -> str:
    plain = text.lower().translate(str.maketrans("²³₂₅₁₄", "232514"))
    return re.sub(r"[\s./]", "", plain)


def _table() -> Mapping[str, tuple[Factor, ...]]:
    table: dict[str, tuple[Factor, ...]] = {}
    for code, spellings in _SPELLINGS.items():
        for names, size in spellings.items():
            table |= {_key(name): (Factor(code, Decimal(size)),) for name in names.split("|")}
    for names, factors in _COMPOUND.items():
        table |= {_key(name): factors for name in names.split("|")}
    for mass, size in _MASSES.items():
        for letter, name in _LETTERS.items():
            table[_key(mass + letter)] = (Factor(f"kg {name}", Decimal(size)),)
        table[_key(f"{mass}Z")] = (Factor("kg", Decimal(size)), Factor(SUCROSE))
    return MappingProxyType(table)


def _pattern(spellings: Iterable[str]) -> str:
    ordered = sorted(
        {spelling for names in spellings for spelling in names.split("|")}, key=len, reverse=True
    )
    return "|".join(_spelled(spelling) for spelling in ordered)


def _spelled(name: str) -> str:
    # Spaces and the dots of abbreviations may be left out; a word must end where the unit ends.
    words = re.findall(r"[A-Za-z]+|[0-9]+|[^\sA-Za-z0-9]", name)
    parts = [r"\.?" if word == "." else re.escape(word) for word in words]
    ends_open = words[-1].isalnum() or words[-1] == "."
    return r"\s*".join(parts).replace(r"\s*\.?", r"\.?") + ("(?![A-Za-z0-9²³])" if ends_open else "")


_LETTERED = [f"{mass}{sign}{letter}" for mass in _MASSES for letter in (*_LETTERS, "Z") for sign in " /"]
_FACTORS = _table()
_QUALIFIERS = {
    _key(name): qualifier for qualifier, names in _QUALIFIER_SPELLINGS.items() for name in names.split("|")
}
_NAMES = [
    *(name for one in _SPELLINGS.values() for names in one for name in names.split("|")),
    *(name for names in _COMPOUND for name in names.split("|")),
    *_LETTERED,
]
NAME_PATTERN = _pattern(_NAMES)
# TARIC's own files leave the slash out before a code: 45.100 EUR DTN
CODE_PATTERN = _pattern(name for name in _NAMES if re.fullmatch("[A-Z]{3,4}( [A-Z])?", name))
COUNT_PATTERN = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})\s*"
UNIT_PATTERN = rf"(?:{COUNT_PATTERN})?(?:{NAME_PATTERN})"
QUALIFIER_PATTERN = _pattern(_QUALIFIER_SPELLINGS.values())
_COUNTED = re.compile(COUNT_PATTERN)
_BEYOND = re.compile(r"(?:over|under)\s+([0-9]+)", re.IGNORECASE)
_QUALIFIER = re.compile(QUALIFIER_PATTERN, re.IGNORECASE)
_WHOLE_UNIT = re.compile(
    rf"(?P<unit>{UNIT_PATTERN})(?P<qualifiers>(?:\s*/?\s*(?:{QUALIFIER_PATTERN}))*)", re.IGNORECASE
)
