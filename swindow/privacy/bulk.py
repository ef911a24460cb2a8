"""Bulk reading is slow and loud (promise S9): beyond the limits the next record asks for the second step.

An officer who opens more than 60 records a minute or 500 a day is stopped until a fresh factor was used
after that, and the administrators are told.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from swindow.accounts.models import User
from swindow.accounts.signing_in.second_factor import FRESH_SECONDS, ask_for_factor
from swindow.events.models import Event
from swindow.events.outbox import NewEvent, record
from swindow.vault.looks import Opened, opened_by

A_MINUTE, A_DAY = 60, 500
_ASKED = "asked_because_of_bulk"
_ALARM = "access.bulk"
_QUIET = timedelta(minutes=15)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def opens_a_record(view: "View[P]") -> "View[P]":
    """Stop whoever opens too many records until the second step was given again."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person = request.user
        if isinstance(person, User) and _must_step_up(request, person):
            return ask_for_factor(request)
        return view(request, *args, **kwargs)

    return answer


@transaction.atomic
def raise_alarm(person: User, *, opened: Opened, at: datetime) -> bool:
    """Announce that a person opens too much; once a quarter of an hour."""
    User.objects.select_for_update().get(pk=person.pk)
    before = Event.objects.filter(subject_kind="user", subject_id=person.pk, kind=_ALARM)
    if before.filter(occurred_at__gt=at - _QUIET).exists():
        return False
    payload = {"minute": str(opened.minute), "day": str(opened.day)}
    record([NewEvent("user", person.pk, _ALARM, person.actor, payload)], at=at)
    return True


def _must_step_up(request: HttpRequest, person: User) -> bool:
    confirmed_at = _confirmed_at(request, person)
    asked_at = request.session.get(_ASKED)
    if asked_at is not None and confirmed_at <= asked_at:
        return True
    if asked_at is not None and time.time() - confirmed_at < FRESH_SECONDS:
        return False
    now = timezone.now()
    opened = opened_by(person.pk, at=now)
    if opened.minute < A_MINUTE and opened.day < A_DAY:
        return False
    request.session[_ASKED] = time.time()
    raise_alarm(person, opened=opened, at=now)
    return True


def _confirmed_at(request: HttpRequest, person: User) -> float:
    uses = [one["at"] for one in get_authentication_records(request, person) if one.get("method") == "mfa"]
    return max(uses, default=0.0)
