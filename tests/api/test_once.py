"""Twenty at once with the same key: one acceptance, everybody gets the same answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse

from declarations.models import Declaration
from swindow.accounts.models import IdempotentRequest
from swindow.events.models import Event
from tests import builders
from tests.api.callers import Caller

pytestmark = pytest.mark.usefixtures("own_database")
AT_ONCE = 20


def lodge_at_once(caller: Caller, reference: str, *, keys: list[str]) -> list[HttpResponse]:
    barrier = Barrier(len(keys))

    def lodge(key: str) -> HttpResponse:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            return caller.post(f"declarations/{reference}/lodge", key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(lodge, keys))


def test_twenty_posts_with_one_key_lodge_once() -> None:
    builders.reference_data()
    seller = builders.seller()
    caller, draft = Caller(seller), builders.draft(seller)
    answers = lodge_at_once(caller, draft.reference, keys=["same"] * AT_ONCE)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    assert len({answer.content for answer in answers if answer.status_code in (200, 201)}) == 1
    for answer in answers:
        assert answer.status_code != 409 or answer["Retry-After"]
    assert Event.objects.filter(kind="declaration.accepted").count() == 1
    assert IdempotentRequest.objects.count() == 1


def test_twenty_posts_with_twenty_keys_lodge_once_too() -> None:
    builders.reference_data()
    seller = builders.seller()
    caller, draft = Caller(seller), builders.draft(seller)
    answers = lodge_at_once(caller, draft.reference, keys=[f"key-{number}" for number in range(AT_ONCE)])
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * (AT_ONCE - 1)
    assert Declaration.objects.get().status == "accepted"
    assert IdempotentRequest.objects.count() == 1


def test_a_running_first_request_answers_409_with_retry_after() -> None:
    builders.reference_data()
    seller = builders.seller()
    caller, draft = Caller(seller), builders.draft(seller)
    running, may_end = Barrier(2), Barrier(2)

    def hold_the_draft() -> None:
        from django.db import transaction

        with transaction.atomic():
            Declaration.objects.select_for_update().get(pk=draft.pk)
            running.wait(timeout=20)
            may_end.wait(timeout=20)
        connection.close()

    def lodge() -> HttpResponse:
        try:
            return caller.post(f"declarations/{draft.reference}/lodge", key="same")
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        holder = pool.submit(hold_the_draft)
        running.wait(timeout=20)
        both = [pool.submit(lodge), pool.submit(lodge)]
        # One of the two holds the key and waits for the draft; the other waits three seconds for the key.
        early = next(one for one in _finished(both))
        may_end.wait(timeout=20)
        holder.result()
        late = next(one for one in both if one is not early)
        assert early.result().status_code == 409
        assert early.result()["Retry-After"] == "1"
        assert late.result().status_code == 201


def _finished(futures):
    from concurrent.futures import as_completed

    return as_completed(futures, timeout=20)
