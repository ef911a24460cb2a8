"""What agencies ask for goods: certificates, labels, and who reviews at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tariffs.packs import pack_for


@dataclass(frozen=True, slots=True)
class Control:
    """One requirement of an agency for goods below `hs_prefix`; any one of `document_types` meets it."""

    hs_prefix: str
    commodity_codes: tuple[str, ...]
    agency: str
    document_types: tuple[str, ...]
    level: str
    rule: str
    sentence: str
    verified: bool

    @property
    def is_prohibition(self) -> bool:
        """Tell whether the goods are refused, whatever papers they have."""
        return self.level == "prohibited"


def controls_for(
    jurisdiction: str, commodity_codes: Iterable[str], *, on: date, language: str = "en"
) -> tuple[Control, ...]:
    """Return each control once, with the codes it touches; raises CannotAssess without a pack."""
    pack = pack_for(jurisdiction, on=on)
    touched: dict[int, list[str]] = {}
    rows = {}
    for code in dict.fromkeys(commodity_codes):
        for row in pack.controls_of(code, on=on):
            rows[id(row)] = row
            touched.setdefault(id(row), []).append(code)
    return tuple(
        Control(
            hs_prefix=row.hs_prefix,
            commodity_codes=tuple(touched[key]),
            agency=row.agency,
            document_types=row.document_types,
            level=row.level,
            rule=row.rule,
            sentence=row.sentences["zh" if language.startswith("zh") else "en"],
            verified=row.validity.verified,
        )
        for key, row in rows.items()
    )


def agencies_for(jurisdiction: str, commodity_codes: Iterable[str], *, on: date) -> tuple[str, ...]:
    """Return the agencies that review: those of every declaration, and those that a control names."""
    always = pack_for(jurisdiction, on=on).agencies
    asked = [row.agency for row in controls_for(jurisdiction, commodity_codes, on=on) if row.agency]
    return tuple(dict.fromkeys((*always, *asked)))
