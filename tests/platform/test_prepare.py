"""Preparation does each step once, and again when what it reads has changed."""

from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from swindow.start import install, prepare
from swindow.start.environment import StartError, Surroundings


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one migration and one translation."""
    monkeypatch.setattr(prepare, "CHECKOUT", tmp_path)
    monkeypatch.setattr(prepare, "LOCK", tmp_path / "requirements.lock")
    for name, text in {
        "requirements.lock": "",
        "swindow/migrations/0001_first.py": "first",
        "swindow/locale/zh_Hans/LC_MESSAGES/django.po": 'msgid "Goods"\nmsgstr "货物"\n',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The management commands that would have run; each leaves what the real one leaves."""
    ran: list[str] = []

    def manage(where: Surroundings, *command: str, as_owner: bool = False) -> None:
        ran.append(f"{command[0]} as owner" if as_owner else command[0])
        for name in ("static/staticfiles.json", "demo/logins.json"):
            (where.var / name).parent.mkdir(parents=True, exist_ok=True)
            (where.var / name).write_text("{}")

    monkeypatch.setattr(prepare, "_manage", manage)
    monkeypatch.setattr(prepare, "_database_identity", lambda url: url)
    return ran


def surroundings(checkout: Path, *, database: str = "one") -> Surroundings:
    environment = {"DATABASE_OWNER_URL": database}
    return Surroundings(
        var=checkout / "var", port=8000, address="http://127.0.0.1:8000", environment=environment
    )


def test_the_first_start_does_everything_and_the_second_nothing(checkout: Path, commands: list[str]) -> None:
    prepare.prepare(surroundings(checkout))
    everything = {"prepare_database as owner", "collectstatic", "load_reference", "load_demo"}
    assert set(commands) == everything
    assert commands.index("prepare_database as owner") < commands.index("load_reference")
    commands.clear()
    prepare.prepare(surroundings(checkout))
    assert commands == []


def test_a_new_migration_is_applied(checkout: Path, commands: list[str]) -> None:
    prepare.prepare(surroundings(checkout))
    commands.clear()
    (checkout / "swindow/migrations/0002_second.py").write_text("second")
    prepare.prepare(surroundings(checkout))
    assert "prepare_database as owner" in commands
    assert "collectstatic" not in commands


def test_an_empty_database_is_prepared_though_no_file_changed(checkout: Path, commands: list[str]) -> None:
    prepare.prepare(surroundings(checkout))
    commands.clear()
    prepare.prepare(surroundings(checkout, database="two"))
    assert commands == ["prepare_database as owner", "load_reference", "load_demo"]


def test_a_step_that_failed_is_tried_again(
    checkout: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(where: Surroundings, *command: str, as_owner: bool = False) -> None:
        raise StartError(command[0])

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "_manage", fail)
        with pytest.raises(StartError):
            prepare.prepare(surroundings(checkout))
    prepare.prepare(surroundings(checkout))
    assert "prepare_database as owner" in commands


def test_translations_are_compiled_without_gettext(checkout: Path, commands: list[str]) -> None:
    prepare.prepare(surroundings(checkout))
    with (checkout / "swindow/locale/zh_Hans/LC_MESSAGES/django.mo").open("rb") as file:
        assert read_mo(file)["Goods"].string == "货物"


def test_a_missing_library_is_one_sentence_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_loads", lambda library: "pangoft2" not in library)
    with pytest.raises(install.UnmetError, match=r"apt-get install libpangoft2-1\.0-0$"):
        install._check_packages(dev=False)


def test_another_python_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.sys, "version_info", (3, 13, 0))
    with pytest.raises(install.UnmetError, match=r"needs Python 3\.11"):
        install._check_python()


def test_nothing_is_installed_while_the_lock_is_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOCK", "DEV_LOCK"):
        (tmp_path / name).write_text(name)
        monkeypatch.setattr(install, name, tmp_path / name)
    monkeypatch.setattr(install, "STAMP", tmp_path / "stamp.json")
    ran: list[list[str]] = []
    monkeypatch.setattr(install, "_run", lambda command, environment: ran.append(command))
    install._install(dev=True)
    assert len(ran) == 2
    install._install(dev=True)
    install._install(dev=False)
    assert len(ran) == 2
    (tmp_path / "LOCK").write_text("changed")
    install._install(dev=False)
    assert len(ran) == 4


def test_the_locks_name_no_registry() -> None:
    for lock in (install.LOCK, install.DEV_LOCK, install.UV_LOCK):
        text = lock.read_text()
        assert "://" not in text and "--index" not in text
        assert all("--hash=sha256:" in part for part in text.split("==")[1:])
