"""How much of a schedule is understood, and why the rest is not: no rate is left out silently."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tariffs.duties.errors import DutyError
from tariffs.duties.parsing import parse_duty


@dataclass(frozen=True, slots=True)
class Audit:
    """Texts that were understood, bare units among them, and the others by the reason; each line counts."""

    understood: tuple[str, ...]
    not_understood: Mapping[str, tuple[str, ...]]

    @property
    def refused(self) -> int:
        """Return how many texts were not understood."""
        return sum(len(texts) for texts in self.not_understood.values())

    def is_share_at_least(self, percent: int) -> bool:
        """Tell whether this many per cent of the texts, or more, were understood."""
        known = len(self.understood)
        return known * 100 >= percent * (known + self.refused)


def audit(texts: Iterable[str], *, currency: str | None = None) -> Audit:
    """Read every text; the reasons are the sentences of DutyError."""
    understood: list[str] = []
    reasons: dict[str, list[str]] = {}
    for text in texts:
        try:
            parse_duty(text, currency=currency)
        except DutyError as error:
            reasons.setdefault(error.message, []).append(text)
        else:
            understood.append(text)
    grouped = {reason: tuple(found) for reason, found in reasons.items()}
    return Audit(tuple(understood), MappingProxyType(grouped))
