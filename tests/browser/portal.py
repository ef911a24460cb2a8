"""A whole portal for the browser: real servers, web, every worker and the scheduler, with demo data."""

import json
from pathlib import Path

import httpx

from tests.faults.laboratory import Laboratory, names

# Agencies answer within a second or so, yet slowly enough that a page can be seen waiting.
_PACE = "0.005"
_CUSTOMS_BY_HAND = (
    "from inspection.models import Agency; "
    "Agency.objects.filter(authority='customs').update(is_simulated=False)"
)


class Portal(Laboratory):
    """The laboratory of the fault tests, dressed as a portal that people visit."""

    def __init__(self, var: Path) -> None:
        super().__init__(var)
        self.environment |= {"SWINDOW_AGENCY_PACE": _PACE, "SWINDOW_EMAIL_VERIFICATION": "none"}

    def prepare(self) -> None:
        """Migrate, load reference and demo data, collect static files."""
        self.manage("prepare_database", "--verbosity=0", SWINDOW_AS_OWNER="1")
        collect = "collectstatic --noinput --verbosity=0"
        self.manage_all("make_signing_key", "load_reference", "load_demo", collect)

    def open(self) -> None:
        """Start every process and wait until it answers."""
        self.start(*names())
        self.wait_until(self._answers, seconds=60)
        self.wait_until(lambda: self.ready_workers() == len(names()) - 2, seconds=60)

    def leave_customs_to_officers(self) -> None:
        """Let nobody but officers decide for customs."""
        self.manage("shell", "-c", _CUSTOMS_BY_HAND)

    def login_of(self, role: str) -> tuple[str, str]:
        """Return e-mail address and password of a demo person."""
        logins = json.loads((self.var / "demo" / "logins.json").read_text())
        login = next(one for one in logins if one["role"] == role)
        return login["email"], login["password"]

    def status_of(self, reference: str) -> str:
        """Return the status of a declaration, past the portal."""
        statement = "SELECT status FROM declarations_declaration WHERE reference = %s"
        return str(self.one(statement, reference))

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=2, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False
