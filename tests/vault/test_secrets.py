"""Sealed values: what goes in comes out, and nothing else ever does."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from swindow.vault import keys
from swindow.vault.errors import Forgotten, KeysMissing, Unreadable
from swindow.vault.models import Secret, SubjectKey
from swindow.vault.secrets import forget, forget_subject, hint_of, index_of, reveal, rows_with, seal

AT = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
ACCOUNT = "DE89 3704 0044 0532 0130 00"
ROW = "organisation:12"

often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def sealed(db: None) -> Secret:
    """A bank account of company 12."""
    seal(ROW, row=ROW, field="bank_account", value=ACCOUNT, at=AT)
    return Secret.objects.get()


@pytest.mark.django_db
@often
@given(st.text(min_size=1, max_size=200))
def test_any_text_comes_back_as_it_was_sealed(value: str):
    seal(ROW, row=ROW, field="note", value=value, at=AT)
    assert reveal(ROW, "note") == value
    assert ROW in rows_with("note", value)
    assert len(hint_of(ROW, "note")) <= 4


def test_nothing_of_the_value_stands_in_the_row(sealed: Secret):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s::text, k::text FROM vault_secret s JOIN vault_subjectkey k ON k.id = s.key_id"
        )
        stored = " ".join(cursor.fetchone())
    assert ACCOUNT.replace(" ", "") not in stored and ACCOUNT not in stored
    assert ACCOUNT.encode().hex() not in stored
    assert sealed.hint == "3000"


def test_the_same_account_is_found_in_any_spelling(sealed: Secret):
    for spelling in ("de89370400440532013000", "DE89-3704-0044-0532-0130-00", "ＤＥ89370400440532013000"):
        assert rows_with("bank_account", spelling) == {ROW}
    assert rows_with("bank_account", "DE89370400440532013001") == set()
    assert rows_with("representative_id", ACCOUNT) == set()


def test_equal_values_of_two_rows_differ_in_everything_but_the_index(sealed: Secret):
    seal("organisation:13", row="organisation:13", field="bank_account", value=ACCOUNT, at=AT)
    other = Secret.objects.exclude(pk=sealed.pk).get()
    assert bytes(other.sealed) != bytes(sealed.sealed)
    assert other.index == sealed.index
    assert rows_with("bank_account", ACCOUNT) == {ROW, "organisation:13"}


def test_sealing_again_replaces_the_value(sealed: Secret):
    seal(ROW, row=ROW, field="bank_account", value="GB29NWBK60161331926819", at=AT)
    assert reveal(ROW, "bank_account") == "GB29NWBK60161331926819"
    assert rows_with("bank_account", ACCOUNT) == set()
    assert Secret.objects.count() == 1


def test_there_is_no_value_where_none_was_sealed(sealed: Secret):
    assert reveal("organisation:13", "bank_account") == hint_of("organisation:13", "bank_account") == ""
    forget(ROW, "bank_account")
    forget(ROW, "bank_account")
    assert reveal(ROW, "bank_account") == ""
    with pytest.raises(ValueError, match="forget"):
        seal(ROW, row=ROW, field="bank_account", value="", at=AT)


@pytest.mark.parametrize(
    ("value", "hint"), [("abc", ""), ("ab-12", "12"), ("1234567", "67"), ("12345678", "5678")]
)
@pytest.mark.django_db
def test_a_hint_never_shows_half_of_a_short_value(value: str, hint: str):
    seal(ROW, row=ROW, field="note", value=value, at=AT)
    assert hint_of(ROW, "note") == hint


@pytest.mark.parametrize("place", [{"row": "organisation:13"}, {"field": "representative_id"}])
def test_a_ciphertext_moved_to_another_row_or_field_does_not_open(sealed: Secret, place: dict[str, str]):
    Secret.objects.filter(pk=sealed.pk).update(**place)
    with pytest.raises(Unreadable) as caught:
        reveal(place.get("row", ROW), place.get("field", "bank_account"))
    assert ACCOUNT not in str(caught.value) and caught.value.__cause__ is None


def test_a_ciphertext_moved_to_another_subject_does_not_open(sealed: Secret):
    seal("organisation:13", row="organisation:13", field="note", value="something else", at=AT)
    Secret.objects.filter(pk=sealed.pk).update(key=SubjectKey.objects.get(subject="organisation:13"))
    with pytest.raises(Unreadable):
        reveal(ROW, "bank_account")


def test_a_wrapped_key_of_another_subject_does_not_open(sealed: Secret):
    seal("organisation:13", row="organisation:13", field="note", value="something else", at=AT)
    other = SubjectKey.objects.get(subject="organisation:13")
    SubjectKey.objects.filter(subject=ROW).update(wrapped=other.wrapped)
    with pytest.raises(Unreadable):
        reveal(ROW, "bank_account")


@often
@given(data=st.data())
def test_an_altered_or_truncated_value_fails_and_shows_nothing(sealed: Secret, data: st.DataObject):
    stored = bytes(sealed.sealed)
    place = data.draw(st.integers(0, len(stored) - 1))
    bit = data.draw(st.integers(0, 7))
    flipped = stored[:place] + bytes([stored[place] ^ 1 << bit]) + stored[place + 1 :]
    for broken in (flipped, stored[:place]):
        Secret.objects.filter(pk=sealed.pk).update(sealed=broken)
        with pytest.raises(Unreadable):
            reveal(ROW, "bank_account")


@often
@given(data=st.data())
def test_an_altered_wrapped_key_fails(data: st.DataObject):
    wrapped = keys.wrap(b"0" * 32, bound_to="user:5")
    place = data.draw(st.integers(0, len(wrapped) - 1))
    bit = data.draw(st.integers(0, 7))
    flipped = wrapped[:place] + bytes([wrapped[place] ^ 1 << bit]) + wrapped[place + 1 :]
    for broken in (flipped, wrapped[:place]):
        with pytest.raises(Unreadable):
            keys.unwrap(broken, bound_to="user:5")
    with pytest.raises(Unreadable):
        keys.unwrap(wrapped, bound_to="user:6")
    assert keys.unwrap(wrapped, bound_to="user:5") == b"0" * 32


def test_a_value_sealed_under_another_master_key_says_so(sealed: Secret, settings: Settings):
    settings.MASTER_KEYS = keys.new_key_line("1")
    with pytest.raises(Unreadable, match="sealed under another key"):
        reveal(ROW, "bank_account")
    settings.MASTER_KEYS = keys.new_key_line("7")
    with pytest.raises(Unreadable, match="Master key 1 is not in SWINDOW_MASTER_KEYS: bring it back"):
        reveal(ROW, "bank_account")


@pytest.mark.parametrize(
    "text", ["1", "1:", "1:short", "1:%%%", ":" + "A" * 44, "a b:" + "A" * 44, "1:é", "1:QUFB,1:QUFB"]
)
def test_keys_that_are_none_are_refused_in_words_without_showing_them(text: str, settings: Settings):
    settings.MASTER_KEYS = text
    with pytest.raises(KeysMissing) as caught:
        keys.wrap(b"value")
    assert str(caught.value).startswith("SWINDOW_MASTER_KEYS is not a list of keys")


def test_a_real_portal_without_keys_refuses_to_seal(db: None, settings: Settings):
    settings.DEMO = False
    with pytest.raises(KeysMissing, match="SWINDOW_MASTER_KEYS is empty: give it keys"):
        seal(ROW, row=ROW, field="note", value="something", at=AT)
    assert not Secret.objects.exists()


def test_a_demo_makes_private_keys_once_whoever_comes_first(settings: Settings, tmp_path):
    settings.VAR_DIR = tmp_path
    start = threading.Barrier(8)
    seen = []

    def come() -> None:
        start.wait()
        seen.append((keys.master_keys().keys["1"], keys.index_keys().keys["1"]))

    run_all([threading.Thread(target=come) for _ in range(8)])
    assert len(seen) == 8 and len(set(seen)) == 1
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["swindow_index_keys", "swindow_master_keys"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_key_ring_never_prints_its_keys():
    ring = keys.master_keys()
    assert repr(ring) == "KeyRing(1)"


def test_two_first_seals_of_one_subject_make_one_key(own_database: str):
    start = threading.Barrier(6)

    def come(number: int) -> None:
        start.wait()
        seal("user:9", row=f"account:{number}", field="note", value=f"value {number}", at=AT)
        connections.close_all()

    run_all([threading.Thread(target=come, args=(number,)) for number in range(6)])
    assert SubjectKey.objects.count() == 1
    assert [reveal(f"account:{number}", "note") for number in range(6)] == [f"value {n}" for n in range(6)]


def test_a_forgotten_subject_is_unreadable_and_stays_so(sealed: Secret):
    kept = Secret.objects.values().get()
    assert forget_subject(ROW, at=AT) == 1
    assert reveal(ROW, "bank_account") == hint_of(ROW, "bank_account") == ""
    assert rows_with("bank_account", ACCOUNT) == set()
    # As if the value came back from a backup of its table.
    Secret.objects.create(**kept)
    assert reveal(ROW, "bank_account") == ""
    with pytest.raises(Forgotten, match="erased on 2026-11-26"):
        seal(ROW, row=ROW, field="bank_account", value=ACCOUNT, at=AT)
    assert forget_subject(ROW, at=AT) == 1
    assert forget_subject("user:404", at=AT) == 0


def test_the_blind_index_is_of_its_own_key_and_field():
    first, second = b"1" * 32, b"2" * 32
    digests = {index_of(field, ACCOUNT, key=key) for field in ("a", "b") for key in (first, second)}
    assert len(digests) == 4


def run_all(threads: list[threading.Thread]) -> None:
    """Run threads to their end."""
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture(autouse=True)
def unchanged_rings() -> Iterator[None]:
    """Keys of one test are not another's."""
    yield
    keys._parsed.cache_clear()
