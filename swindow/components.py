"""What the page components of templates/_components show; views build these, templates print them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
TaskState = Literal["ok", "warn", "bad", "todo", "na", "lock"]
StepState = Literal["done", "now", "next", "warn", "bad"]
Lane = Literal["red", "amber", "green"]
FileState = Literal["kept", "checked", "waiting", "refused"]

_TASK_LABELS: dict[TaskState, Text] = {
    "ok": _("Complete"),
    "warn": _("Needs attention"),
    "bad": _("Cannot go on"),
    "todo": _("Not started"),
    "na": _("Not needed"),
    "lock": _("Cannot start yet"),
}
_BAR_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page; the last one has no address."""

    label: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A link in a row of tabs; `count` shows a number, red when `is_bad`."""

    label: Text
    url: str
    is_current: bool = False
    count: int | None = None
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do for a declaration; the description says why it needs attention."""

    state: TaskState
    title: Text
    description: Text = ""
    url: str = ""
    label: Text = ""

    @property
    def word(self) -> Text:
        """Return the word of the state, or the one given."""
        return self.label or _TASK_LABELS[self.state]

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is left to do here."""
        return self.state in ("ok", "na")


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks under one heading."""

    title: Text
    tasks: Sequence[Task]


@dataclass(frozen=True, slots=True)
class TaskList:
    """All tasks of a declaration and how far they are."""

    groups: Sequence[TaskGroup]

    @property
    def tasks(self) -> list[Task]:
        """Return the tasks of all groups in order."""
        return [task for group in self.groups for task in group.tasks]

    @property
    def done(self) -> int:
        """Return how many tasks are settled."""
        return sum(task.is_settled for task in self.tasks)

    @property
    def progress(self) -> list[str]:
        """Return one segment a task: done, then those that need attention, then the rest."""
        order = {"done": 0, "warn": 1, "": 2}
        return sorted((_segment(task) for task in self.tasks), key=order.__getitem__)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a timeline; `at` is printed as a time, `when` as the words given."""

    title: Text
    state: StepState = "done"
    detail: Text = ""
    when: Text = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of a summary list; an empty value shows as missing."""

    label: Text
    value: Text
    change_url: str = ""
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file in a list; `note` says what it is, `remove_url` takes a POST."""

    name: str
    note: Text = ""
    url: str = ""
    state: FileState = "kept"
    remove_url: str = ""

    @property
    def extension(self) -> str:
        """Return up to four letters for the picture of the file."""
        return self.name.rpartition(".")[2][:4] if "." in self.name else ""


@dataclass(frozen=True, slots=True)
class SumLine:
    """One line of a breakdown that adds up; `kind` is sub or total for emphasised lines."""

    label: Text
    amount: Decimal
    note: Text = ""
    kind: Literal["", "sub", "total"] = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the amount to pay, for the bar."""

    label: Text
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn part of the bar, in thousandths of its width."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class TaxPanel:
    """The amount to pay, its parts and its reasons; every amount is in `currency`."""

    title: Text
    total: Decimal
    currency: str
    lines: Sequence[SumLine]
    shares: Sequence[Share] = ()
    badge: Text = ""
    alternative: Text = ""
    saving: Text = ""
    foot: Text = ""
    explanation_url: str = ""
    explanation: Sequence[Text] = field(default_factory=tuple)

    @property
    def shown_shares(self) -> list[Share]:
        """Return the parts that are not nothing."""
        return [share for share in self.shares if share.amount > 0]

    @property
    def bars(self) -> list[Bar]:
        """Return the drawn parts, each at least a visible sliver wide."""
        shares = self.shown_shares
        whole = sum((share.amount for share in shares), Decimal(0))
        bars, x = [], 0
        for share in shares:
            width = max(8, int(share.amount * _BAR_WIDTH / whole))
            bars.append(Bar(x, width - 4))
            x += width
        return bars


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A declaration in an officer's queue; `holder` is who has locked it."""

    reference: str
    url: str
    lane: Lane
    title: Text
    note: Text = ""
    deadline: datetime | None = None
    holder: Text = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason of a risk score, with the rule that gave the points."""

    points: int
    title: Text
    note: Text = ""


@dataclass(frozen=True, slots=True)
class RiskScore:
    """A score of 0 to 100 and its reasons; `amber` and `red` are where those lanes begin."""

    score: int
    risks: Sequence[Risk] = ()
    amber: int = 40
    red: int = 70

    @property
    def lane(self) -> Lane:
        """Return the lane that the score falls in."""
        if self.score >= self.red:
            return "red"
        return "amber" if self.score >= self.amber else "green"

    @property
    def bars(self) -> list[tuple[str, Bar]]:
        """Return the coloured parts of the gauge, in hundredths of its width."""
        edges = (("green", 0, self.amber), ("amber", self.amber, self.red), ("red", self.red, 100))
        return [
            (lane, Bar(low, min(self.score, high) - low)) for lane, low, high in edges if self.score > low
        ]


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long an officer has: seconds left of all seconds."""

    left: timedelta
    whole: timedelta

    @property
    def percent(self) -> int:
        """Return the share of time left, 0 to 100."""
        return max(0, min(100, int(100 * (self.left / self.whole))))


@dataclass(frozen=True, slots=True)
class DecisionOption:
    """A decision an officer can take, with its key."""

    code: str
    label: Text
    icon: str
    key: str
    kind: Literal["ok", "warn", "bad", "info"]
    is_chosen: bool = False


def _segment(task: Task) -> str:
    if task.is_settled:
        return "done"
    return "warn" if task.state in ("warn", "bad") else ""
