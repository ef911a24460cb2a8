"""No module that should be private to its app is forgotten in the import contracts."""

import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
APPS = (
    *("inspection", "declarations", "tariffs", "logistics"),
    *("swindow/accounts", "swindow/documents", "swindow/privacy"),
)
PRIVATE = ("views", "api", "admin", "handlers", "forms")


def test_every_private_module_is_protected_by_a_contract() -> None:
    tool = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]
    contracts = tool["importlinter"]["contracts"]
    protected = {name for contract in contracts for name in contract.get("protected_modules", [])}
    present = {
        f"{app.replace('/', '.')}.{name}"
        for app in APPS
        for name in PRIVATE
        if (CHECKOUT / app / f"{name}.py").exists() or (CHECKOUT / app / name / "__init__.py").exists()
    }
    assert protected == present
