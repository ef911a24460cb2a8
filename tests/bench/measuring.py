"""What a measure is: the work and its limit, in turn, round after round."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Sample:
    """How many units a second one round of work did, and how long single pieces took (milliseconds)."""

    per_second: float
    latencies_ms: Sequence[float] = ()


class Measure(Protocol):
    """One name of `make bench`; `prepare` is not timed and runs before each round."""

    name: str
    unit: str

    def open(self) -> None:
        """Make what every round needs."""

    def prepare(self) -> None:
        """Make what one round uses up."""

    def ours(self) -> Sample:
        """Let the portal work."""

    def limit(self) -> Sample:
        """Do the bare minimum that the same result costs."""

    def remarks(self) -> dict[str, Any]:
        """Return further figures of the rounds, by name."""

    def close(self) -> None:
        """Stop what `open` started."""


@dataclass(slots=True)
class Rounds:
    """The samples of both sides, round by round."""

    ours: list[Sample] = field(default_factory=list)
    limit: list[Sample] = field(default_factory=list)

    def result(self, measure: Measure, *, command: str) -> dict[str, Any]:
        """Return the line of results.jsonl: medians over the rounds; the ratio is that of each round."""
        latencies = sorted(one for sample in self.ours for one in sample.latencies_ms)
        ratios = [
            ours.per_second / limit.per_second for ours, limit in zip(self.ours, self.limit, strict=True)
        ]
        return {
            "name": measure.name,
            "unit": measure.unit,
            "ours": round(_median(self.ours), 1),
            "limit": round(_median(self.limit), 1),
            "ratio": round(statistics.median(ratios), 3),
            "p50_ms": round(percentile(latencies, 0.5), 2),
            "p95_ms": round(percentile(latencies, 0.95), 2),
            "rounds": len(self.ours),
            "command": command,
            **measure.remarks(),
        }


def run_rounds(measure: Measure, *, rounds: int) -> Rounds:
    """Run both sides in turn; a first round that is thrown away warms caches and connections."""
    found = Rounds()
    for number in range(rounds + 1):
        measure.prepare()
        ours, limit = measure.ours(), measure.limit()
        print(f"  {measure.name} round {number}: {ours.per_second:.1f} of {limit.per_second:.1f}", flush=True)
        if number:
            found.ours.append(ours)
            found.limit.append(limit)
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the sorted values lie; 0 when there are none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def _median(samples: Sequence[Sample]) -> float:
    return statistics.median(sample.per_second for sample in samples)
