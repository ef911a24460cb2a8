"""A year of one exchange rate as lines of a picture, in whole units of its own drawing area."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tariffs.exchange.showing import Point

WIDTH, HEIGHT = 1000, 240
# Room above and below, so that the line is not cut.
_EDGE = 8
_LINES = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """A level line with the rate that it stands for."""

    y: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Curve:
    """What the picture shows; each of `lines` is one unbroken run of points."""

    from_currency: str
    to_currency: str
    lines: tuple[str, ...]
    grid: tuple[Grid, ...]
    points: tuple[Point, ...]
    last_on: date
    lowest: Point
    highest: Point
    is_stepped: bool

    @property
    def first_on(self) -> date:
        """Return the first day of the picture."""
        return self.points[0].on

    @property
    def missing_count(self) -> int:
        """Return how many of its points have no rate."""
        return sum(point.rate is None for point in self.points)


def draw(points: Sequence[Point], *, pair: tuple[str, str], until: date, is_stepped: bool) -> Curve | None:
    """Return the curve of at least two known points up to a day; a rate that holds is drawn as a step."""
    known = [(point.rate, point) for point in points if point.rate is not None]
    if len(known) < 2:
        return None
    low, high = min(known, key=_rate), max(known, key=_rate)
    area = _Area(points, until=until, low=low[0], high=high[0])
    return Curve(
        from_currency=pair[0],
        to_currency=pair[1],
        lines=tuple(
            area.line(run, end=end, is_stepped=is_stepped) for run, end in _runs(points, until=until)
        ),
        grid=area.grid(),
        points=tuple(points),
        last_on=until,
        lowest=low[1],
        highest=high[1],
        is_stepped=is_stepped,
    )


class _Area:
    """Turns days and rates into places of the drawing."""

    def __init__(self, points: Sequence[Point], *, until: date, low: Decimal, high: Decimal) -> None:
        self._start = points[0].on
        self._days = max(1, (until - self._start).days)
        self._low, self._high = low, high

    def line(self, run: Sequence[Point], *, end: date, is_stepped: bool) -> str:
        places: list[tuple[int, int]] = []
        for point in run:
            x, y = self._x(point.on), self._y(point.rate or self._low)
            if is_stepped and places:
                places.append((x, places[-1][1]))
            places.append((x, y))
        # The last rate holds until the next period, or until the day that was asked for.
        if is_stepped or len(places) == 1:
            places.append((max(self._x(end), places[-1][0] + 1), places[-1][1]))
        return " ".join(f"{x},{y}" for x, y in places)

    def grid(self) -> tuple[Grid, ...]:
        step = (self._high - self._low) / (_LINES - 1)
        rates = [self._high - step * place for place in range(_LINES)] if step else [self._high]
        return tuple(Grid(self._y(rate), rate) for rate in rates)

    def _x(self, day: date) -> int:
        return (day - self._start).days * WIDTH // self._days

    def _y(self, rate: Decimal) -> int:
        if self._high == self._low:
            return HEIGHT // 2
        return _EDGE + int((self._high - rate) * (HEIGHT - 2 * _EDGE) / (self._high - self._low))


def _runs(points: Sequence[Point], *, until: date) -> Iterator[tuple[list[Point], date]]:
    """Yield each run of points that have a rate, with the day on which it ends."""
    run: list[Point] = []
    for point in points:
        if point.rate is not None:
            run.append(point)
        elif run:
            yield run, point.on
            run = []
    if run:
        yield run, until


def _rate(known: tuple[Decimal, Point]) -> Decimal:
    return known[0]
