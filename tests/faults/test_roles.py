"""Workers pass row-level security by a role of their own; the web server never has it."""

import sys

import pytest

from tests.faults.laboratory import Laboratory

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(300)]
_WHO = "from django.db import connection; c = connection.cursor(); c.execute('SELECT current_user'); "


def role_of(laboratory: Laboratory, entrance: str) -> str:
    """Return as which role a process connects that begins with this module."""
    program = f"import {entrance}, django; django.setup(); {_WHO}print(c.fetchone()[0])"
    return laboratory._run([sys.executable, "-c", program], {}).strip()


def test_a_worker_and_a_command_pass_the_policies(laboratory: Laboratory) -> None:
    assert role_of(laboratory, "swindow.worker") == "swindow_portal"
    said = laboratory.manage("shell", "--verbosity=0", "--command", f"{_WHO}print(c.fetchone()[0])")
    assert said.strip() == "swindow_portal"


def test_the_web_server_does_not(laboratory: Laboratory) -> None:
    assert role_of(laboratory, "swindow.wsgi") == "swindow_app"


def test_the_role_has_no_login_and_owns_nothing(laboratory: Laboratory) -> None:
    rights = "SELECT rolcanlogin, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = %s"
    assert laboratory.query(rights, "swindow_portal") == [(False, False, False, True)]
    owned = "SELECT count(*) FROM pg_class WHERE relowner = 'swindow_portal'::regrole"
    assert laboratory.one(owned) == 0
