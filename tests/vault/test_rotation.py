"""Keys are rotated while the portal works, and the old one is refused afterwards."""

import io
import os
import time
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from swindow.vault import keys, rotation
from swindow.vault.errors import Unreadable
from swindow.vault.models import Secret, SubjectKey
from swindow.vault.secrets import reveal, rows_with, seal, wrap_subject_key
from tests import builders
from tests.authenticator import code

AT = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
OLD, NEW = keys.new_key_line("1"), keys.new_key_line("2")
OLD_INDEX, NEW_INDEX = keys.new_key_line("1"), keys.new_key_line("2")


@pytest.fixture(autouse=True)
def old_keys(settings: Settings) -> None:
    """The portal before the rotation."""
    settings.MASTER_KEYS, settings.INDEX_KEYS = OLD, OLD_INDEX


def seal_some(count: int) -> None:
    """Seal a value for each of so many companies."""
    for number in range(1, count + 1):
        row = f"organisation:{number}"
        seal(row, row=row, field="bank_account", value=f"account {number:05}", at=AT)


def both_keys(settings: Settings) -> None:
    """The portal during the rotation: the new keys seal, the old ones open."""
    settings.MASTER_KEYS, settings.INDEX_KEYS = f"{NEW},{OLD}", f"{NEW_INDEX},{OLD_INDEX}"


def rotate_keys() -> str:
    """Run the command and return what it says."""
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def test_every_value_is_readable_and_found_before_during_and_after(db: None, settings: Settings):
    seal_some(5)
    both_keys(settings)
    rotation.rewrap(after=0, limit=2)
    rotation.reindex(after=0, limit=2)
    for number in range(1, 6):
        row = f"organisation:{number}"
        assert reveal(row, "bank_account") == f"account {number:05}"
        assert rows_with("bank_account", f"ACCOUNT{number:05}") == {row}
    # What was done by the run that stopped is not done again.
    assert "rotated 3 keys, 3 indexes" in rotate_keys()
    settings.MASTER_KEYS, settings.INDEX_KEYS = NEW, NEW_INDEX
    assert reveal("organisation:4", "bank_account") == "account 00004"
    assert rows_with("bank_account", "account 00004") == {"organisation:4"}
    assert "rotated nothing" in rotate_keys()


def test_the_old_key_is_refused_after_rotation(db: None, settings: Settings):
    seal_some(1)
    both_keys(settings)
    rotate_keys()
    settings.MASTER_KEYS, settings.INDEX_KEYS = OLD, OLD_INDEX
    with pytest.raises(Unreadable, match="Master key 2 is not in SWINDOW_MASTER_KEYS"):
        reveal("organisation:1", "bank_account")
    assert rows_with("bank_account", "account 00001") == set()


def test_second_factors_move_to_the_new_key_and_go_on_working(db: None, settings: Settings):
    person = builders.user()
    both_keys(settings)
    assert "rotated 1 factors" in rotate_keys()
    settings.MASTER_KEYS = NEW
    [factor] = Authenticator.objects.filter(user=person, type="totp")
    assert TOTP(factor).validate_code(code())
    assert "rotated nothing" in rotate_keys()


def test_a_new_subject_is_sealed_under_the_newest_key(db: None, settings: Settings):
    both_keys(settings)
    seal_some(1)
    assert SubjectKey.objects.get().master_key == "2"
    assert Secret.objects.get().index_key == "2"


def test_one_altered_key_does_not_keep_the_others_back(db: None, settings: Settings, caplog):
    seal_some(3)
    SubjectKey.objects.filter(subject="organisation:2").update(wrapped=keys.wrap(b"x" * 32, bound_to="other"))
    both_keys(settings)
    with pytest.raises(CommandError, match="2 could not be opened"):
        rotate_keys()
    assert SubjectKey.objects.filter(master_key="2").count() == 2
    assert Secret.objects.filter(index_key="2").count() == 2
    assert "account" not in caplog.text


def test_a_hundred_thousand_keys_are_wrapped_anew_within_a_minute(db: None, settings: Settings):
    count = int(os.environ.get("SWINDOW_ROTATED_KEYS", "10000"))
    SubjectKey.objects.bulk_create(
        [
            SubjectKey(
                subject=(subject := f"organisation:{number}"),
                wrapped=wrap_subject_key(number.to_bytes(32, "big"), subject=subject),
                master_key="1",
                made_at=AT,
            )
            for number in range(1, count + 1)
        ],
        batch_size=5000,
    )
    both_keys(settings)
    began = time.perf_counter()
    done = sum(batch.done for name, batch in rotation.rotate() if name == "keys")
    seconds = time.perf_counter() - began
    print(f"wrapped {done} keys anew in {seconds:.1f} s: {done / seconds:.0f} a second")
    assert done == count
    assert not SubjectKey.objects.exclude(master_key="2").exists()
    # A hundred thousand take less than a minute at this rate.
    assert done / seconds > 100_000 / 60


def test_no_transaction_of_the_rotation_is_long(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    seal_some(7)
    both_keys(settings)
    monkeypatch.setattr(rotation, "rewrap", _in_twos(rotation.rewrap))
    monkeypatch.setattr(rotation, "reindex", _in_twos(rotation.reindex))
    assert [batch.done for name, batch in rotation.rotate() if name == "keys"] == [2, 2, 2, 1]


def _in_twos(step):
    return lambda *, after: step(after=after, limit=2)


def test_the_system_check_asks_a_real_portal_for_its_keys(settings: Settings):
    settings.DEMO, settings.MASTER_KEYS, settings.INDEX_KEYS = False, "", "1:short"
    found = {message.id: message.msg for message in run_checks() if message.id.startswith("vault")}
    assert found["vault.E001"].startswith("SWINDOW_MASTER_KEYS is empty: give it keys like 1:BASE64")
    assert found["vault.E002"].startswith("SWINDOW_INDEX_KEYS is not a list of keys")


def test_the_tables_hold_no_key_in_clear(db: None):
    seal_some(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(wrapped, 'hex') FROM vault_subjectkey")
        (stored,) = cursor.fetchone()
    opened = keys.unwrap(bytes.fromhex(stored), bound_to="vault_subjectkey|organisation:1")
    assert len(opened) == 32 and opened.hex() not in stored
