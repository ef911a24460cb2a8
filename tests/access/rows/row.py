"""Who asks in the access tests, and what a row of their table says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PEOPLE = (
    # The colleague may lodge; the viewer belongs to the same company and may only look.
    *("seller", "colleague", "viewer", "broker", "former_broker", "rival"),
    *("customs", "tax", "quarantine", "port", "administrator"),
)
# Without a session, and with one of a person who was disabled afterwards.
STRANGERS = ("anonymous", "disabled")
ACTORS = (*PEOPLE, *STRANGERS)

OWN = ("seller", "colleague", "broker")
OWNERS = ("seller", "broker", "former_broker", "rival")
MEMBERS = (*OWNERS, "colleague", "viewer")
OFFICERS = ("customs", "tax", "quarantine", "port")
EVERYBODY = PEOPLE
# The viewer sees what it is about and is told whom to ask; nobody else learns that it exists.
NOT_BY_ROLE: Mapping[str, int] = {"viewer": 403}
TO_SIGN_IN = 302


@dataclass(frozen=True)
class Row:
    """One route: how it is asked, who may, and what they and all others get."""

    route: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    method: str = "get"
    # A text "{name}" stands for the world's argument of that name.
    data: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    may: tuple[str, ...] = ()
    gets: int = 200
    others: int = 404
    strangers: int = TO_SIGN_IN
    # Single exceptions to the lines above.
    except_for: Mapping[str, int] = field(default_factory=dict)

    def expected(self, actor: str) -> int:
        """Return the status that this actor gets."""
        if actor in self.except_for:
            return self.except_for[actor]
        if actor in self.may:
            return self.gets
        return self.strangers if actor in STRANGERS else self.others

    def is_open_to(self, actor: str) -> bool:
        """Tell whether the actor gets what is asked for."""
        return actor in self.may

    @property
    def is_api(self) -> bool:
        """Tell whether a token opens it, not a session."""
        return self.route.startswith(("api:", "law:", "agency_"))


def open_to_all(route: str, *, gets: int = 200, arguments: Mapping[str, str] | None = None) -> Row:
    """Return a row that is open to everybody."""
    return Row(route, arguments or {}, may=ACTORS, gets=gets)


def signed_in(route: str, **options: object) -> Row:
    """Return a row that is open to whoever is signed in."""
    return Row(route, may=EVERYBODY, **options)  # type: ignore[arg-type]


def post(route: str, **options: object) -> Row:
    """Return a row that is posted to."""
    return Row(route, method="post", **options)  # type: ignore[arg-type]
