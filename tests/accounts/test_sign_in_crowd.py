"""S21 on a real web server of several processes: a crowd counts whole, nobody learns who has an account."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress

from swindow.accounts.models import SignInFailure, User
from swindow.accounts.signing_in.throttle import Limit
from tests import builders
from tests.accounts.crowd import Crowd, portal

pytestmark = [pytest.mark.xdist_group("crowd"), pytest.mark.timeout(300)]
_PASSWORD = "lantern-harbour-93-kite"
# Of known and of unknown addresses each, in turn.
_SAMPLES = 12


@pytest.fixture
def crowd(own_database: str, tmp_path: Path) -> Iterator[Crowd]:
    """Many browsers before a real server."""
    with portal(own_database, var=tmp_path) as address:
        people = Crowd(address)
        yield people
        people.close()


def test_a_hundred_parallel_wrong_passwords_count_as_a_hundred(own_database: str, crowd: Crowd) -> None:
    """S21; the broker is away meanwhile."""
    person = builders.user()

    def attempt(_number: int) -> int:
        return crowd.post("/accounts/login/", {"login": person.email, "password": "wrong"}).status_code

    with ThreadPoolExecutor(100) as pool:
        statuses = Counter(pool.map(attempt, range(100)))
    counts = [_count(f"account:{person.email}"), _count(f"account:{person.email}:192.0.2.1")]
    print(f"100 parallel wrong sign-ins: counted {counts}, answered {dict(statuses)}")
    assert counts == [100, 100]
    assert statuses == {200: 5, 429: 95}
    right = crowd.post("/accounts/login/", {"login": person.email, "password": builders.PASSWORD})
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) > 800


def test_time_text_status_and_mails_tell_nobody_who_has_an_account(
    own_database: str, crowd: Crowd, tmp_path: Path
) -> None:
    hashed = builders.user().password
    known = [f"known{number}@example.com" for number in range(_SAMPLES)]
    people = User.objects.bulk_create([User(email=email, password=hashed) for email in known])
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=each, email=each.email, verified=True, primary=True) for each in people]
    )
    forms = {
        "/accounts/login/": ("login", {"password": "wrong"}),
        "/accounts/password/reset/": ("email", {}),
        "/accounts/signup/": (
            "email",
            {"password1": _PASSWORD, "password2": _PASSWORD, "agrees_to_notice": "on"},
        ),
    }
    for number, (path, (name, fields)) in enumerate(forms.items()):
        unknown = [f"unknown{number}-{each}@example.com" for each in range(_SAMPLES)]
        times, answers = _compare(crowd, path, name, fields, known=known, unknown=unknown)
        medians = [statistics.median(times[kind]) * 1000 for kind in ("known", "unknown")]
        difference = abs(medians[0] - medians[1])
        print(f"{path}: known {medians[0]:.1f} ms, unknown {medians[1]:.1f} ms, apart {difference:.1f} ms")
        assert answers["known"] == answers["unknown"], path
        # Other tests share the machine; what hashing alone would tell is half of the whole.
        assert difference < 20 + medians[0] * 0.15, path
    mails = "".join(file.read_text() for file in (tmp_path / "mail").iterdir())
    assert "To: unknown1-" not in mails, "a reset mails the known alone"
    assert mails.count("To: known") == 2 * _SAMPLES


def _compare(
    crowd: Crowd, path: str, name: str, fields: dict[str, str], *, known: list[str], unknown: list[str]
) -> tuple[dict[str, list[float]], dict[str, Counter[tuple[int, str]]]]:
    """Ask for known and unknown addresses in turn, each time from elsewhere."""
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    answers: dict[str, Counter[tuple[int, str]]] = {"known": Counter(), "unknown": Counter()}
    for number, pair in enumerate(zip(known, unknown, strict=True)):
        order = list(zip(("known", "unknown"), pair, strict=True))
        for kind, email in order if number % 2 else reversed(order):
            began = time.perf_counter()
            answer = crowd.post(path, fields | {name: email}, source=f"198.51.100.{number}")
            times[kind].append(time.perf_counter() - began)
            answers[kind][answer.status_code, answer.headers.get("Location", "")] += 1
    return times, answers


def _count(what: str) -> int:
    return SignInFailure.objects.get(key=Limit(what, 0).key).count
