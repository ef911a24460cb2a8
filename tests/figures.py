"""What was measured or counted: the words of passed tests, shown at the end of a run."""

import pytest

# Elsewhere commands under test print too.
_FOLDERS = (
    "tests/access/",
    "tests/accounts/",
    "tests/privacy/",
    "tests/vault/",
    "tests/faults/test_access_ends.py",
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show each figure with its test, also when several processes ran them."""
    told = [
        (report.nodeid.partition("::")[2], line)
        for report in terminalreporter.stats.get("passed", [])
        if report.nodeid.startswith(_FOLDERS)
        for line in report.capstdout.splitlines()
        if line and not line.startswith("{")
    ]
    if told:
        terminalreporter.section("figures")
    for test, line in told:
        terminalreporter.write_line(f"{line}  [{test}]")
