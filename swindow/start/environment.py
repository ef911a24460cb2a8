"""The variables that a local run gives to its processes: secrets, addresses, the demo switch."""

import os
import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
FIRST_PORT = 8000
# An agency's minute takes less than a second, so that a declaration can be watched to its end.
DEMO_PACE = "0.007"
SECRETS = ("SWINDOW_SECRET_KEY", "SWINDOW_PAYMENT_SECRET", "SWINDOW_SIGNING_PASSPHRASE")


class StartError(Exception):
    """A sentence to a person: why the portal does not start and what mends it."""


@dataclass(frozen=True)
class Surroundings:
    """Where a run keeps its files, where it listens, and what its processes are told."""

    var: Path
    port: int
    address: str
    environment: dict[str, str]


def var_folder() -> Path:
    """Return the folder of all data of this checkout."""
    return Path(os.environ.get("SWINDOW_VAR", CHECKOUT / "var")).resolve()


def surroundings(servers: dict[str, str]) -> Surroundings:
    """Gather the environment; `servers` are the addresses of the embedded ones. Raises StartError."""
    var = var_folder()
    port = _choose_port()
    address = os.environ.get("SWINDOW_BASE_URL", f"http://127.0.0.1:{port}")
    ours = {
        "DJANGO_SETTINGS_MODULE": "swindow.settings",
        "PYTHONUNBUFFERED": "1",
        "SWINDOW_VAR": str(var),
        "SWINDOW_BASE_URL": address,
        "SWINDOW_DEMO": "1",
    }
    environment = {"SWINDOW_AGENCY_PACE": DEMO_PACE} | _kept_secrets(var) | dict(os.environ) | ours | servers
    return Surroundings(var=var, port=port, address=address, environment=environment)


def python() -> str:
    """Return the interpreter that every process runs under."""
    return sys.executable


def _choose_port() -> int:
    asked = os.environ.get("SWINDOW_PORT")
    if asked is None:
        for port in range(FIRST_PORT, FIRST_PORT + 100):
            if _is_free(port):
                return port
        raise StartError("No port between 8000 and 8099 is free. Name one: SWINDOW_PORT=9000 make run")
    if not asked.isdigit() or not 0 < int(asked) < 65536:
        raise StartError(f"SWINDOW_PORT={asked} is not a port: give a number from 1 to 65535.")
    if not _is_free(int(asked)):
        raise StartError(
            f"Port {asked} is taken or not allowed: choose another SWINDOW_PORT, or leave it unset."
        )
    return int(asked)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _kept_secrets(var: Path) -> dict[str, str]:
    """Return the secrets made at the first start; one that was added since is made now."""
    file = var / "secrets.env"
    lines = file.read_text().splitlines() if file.exists() else []
    kept = dict(line.split("=", 1) for line in lines if "=" in line)
    fresh = {name: secrets.token_urlsafe(48) for name in SECRETS if name not in kept}
    if fresh:
        _write_private(file, "".join(f"{name}={value}\n" for name, value in (kept | fresh).items()))
    return kept | fresh


def _write_private(file: Path, text: str) -> None:
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(text)
    partial.replace(file)
