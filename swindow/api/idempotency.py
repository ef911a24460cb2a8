"""The same key never acts twice: the answer is stored in the transaction of the act itself."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from swindow.accounts.models import IdempotentRequest, User
from swindow.api.errors import problems_response
from swindow.problems import Problem

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,80}")
# How long a repeat waits for the first request before it is told to come back.
_PATIENCE = "3s"
_LOCK_NOT_AVAILABLE = "55P03"
Act = Callable[[datetime], Response]


def once(request: Request, *, operation: str, act: Act) -> Response:
    """Run `act` once for the request's key and body; later ones get the first answer.

    Insert first, in one transaction with the act: when the act refuses, nothing is kept and the key is free.
    """
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        fix = _("Send one of 1 to 80 characters, a new one for each act, the same one when you repeat it.")
        problem = Problem(HEADER, "idempotency_key", _("This act needs the header Idempotency-Key."), fix)
        return problems_response(problem, status=400)
    now = timezone.now()
    slot = IdempotentRequest(
        user=cast(User, request.user),
        operation=operation,
        key=key,
        body_digest=_digest(request),
        status_code=0,
        answer={},
        created_at=now,
    )
    try:
        return _act_or_repeat(slot, act=act, at=now)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != _LOCK_NOT_AVAILABLE:
            raise
        return _in_progress()


def _act_or_repeat(slot: IdempotentRequest, *, act: Act, at: datetime) -> Response:
    with transaction.atomic():
        if not _reserve(slot):
            return _repeat(slot)
        response = act(at)
        # As text, because jsonb forgets the order of the fields.
        text = JSONRenderer().render(response.data).decode()
        IdempotentRequest.objects.filter(pk=slot.pk).update(status_code=response.status_code, answer=text)
        return response


def _reserve(slot: IdempotentRequest) -> bool:
    """Insert the slot, waiting for a request with the same key that is still running."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        cursor.execute(
            """
            INSERT INTO accounts_idempotentrequest
                (user_id, operation, key, body_digest, status_code, answer, created_at)
            VALUES (%s, %s, %s, %s, 0, '{}', %s)
            ON CONFLICT ON CONSTRAINT idempotency_key_once DO NOTHING RETURNING id
            """,
            [slot.user_id, slot.operation, slot.key, slot.body_digest, slot.created_at],
        )
        row = cursor.fetchone()
        # The act itself may wait for its locks as long as it always does.
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    if row is not None:
        slot.pk = row[0]
    return row is not None


def _repeat(slot: IdempotentRequest) -> Response:
    first = IdempotentRequest.objects.get(user=slot.user, operation=slot.operation, key=slot.key)
    if first.body_digest != slot.body_digest:
        fix = _("Use a new key for another act.")
        problem = Problem(HEADER, "idempotency_key_reused", _("This key was used for another request."), fix)
        return problems_response(problem, status=422)
    # The act is done already: 200 tells the repeat from the first answer, the body is the same.
    status = 200 if first.status_code == 201 else first.status_code
    return Response(json.loads(first.answer), status=status, headers={"Idempotency-Replayed": "true"})


def _in_progress() -> Response:
    problem = Problem(
        HEADER,
        "in_progress",
        _("The first request with this key is still running."),
        _("Repeat it in a moment."),
    )
    response = problems_response(problem, status=409)
    response["Retry-After"] = "1"
    return response


def _digest(request: Request) -> str:
    body: Any = [request.path, request.data]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
