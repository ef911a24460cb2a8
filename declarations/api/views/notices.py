"""Notices of the payment service: no token, but a signature over the raw body."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from declarations import lifecycle
from declarations.lifecycle import PaymentNotice
from declarations.payment_service import is_genuine
from swindow.acting import as_portal
from swindow.api.errors import problems_response
from swindow.api.fields import CurrencyCode, Number, OneOf, Text
from swindow.api.parsing import parse_json
from swindow.api.schema import problems
from swindow.problems import Problem

_MOST = 10_000


class NoticeIn(serializers.Serializer[Any]):
    """One payment's fate; fields that we do not know are the service's own business."""

    payment = Text(max_length=20)
    provider_reference = Text(max_length=60)
    status = OneOf([("paid", "paid"), ("failed", "failed")])
    amount = Number(max_digits=17, decimal_places=2)
    currency = CurrencyCode()
    failure = Text(max_length=200, required=False, allow_blank=True, default="")


class NoticesIn(serializers.Serializer[Any]):
    """A batch of notices."""

    notices = NoticeIn(many=True)

    def validate_notices(self, notices: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Bound what one transaction locks."""
        if len(notices) > _MOST:
            raise serializers.ValidationError(_("Send at most 10,000 notices at once."))
        return notices


class NoticesOut(serializers.Serializer[Any]):
    """How many changed something; a repeat changes nothing."""

    settled = serializers.IntegerField()
    failed = serializers.IntegerField()


@extend_schema(
    operation_id="payment_notices",
    tags=["Payment service"],
    auth=[],
    request=NoticesIn,
    responses={200: NoticesOut, **problems(400, 401, 503)},
)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([])
def payment_notices(request: Request) -> Response:
    """Take signed notices (Standard Webhooks headers, at most five minutes old)."""
    if not settings.PAYMENT_CALLBACK_SECRET:
        return problems_response(
            Problem("", "unavailable", _("No payment service is configured.")), status=503
        )
    now = timezone.now()
    body = request._request.body
    # Nothing of an unsigned body is parsed.
    if not is_genuine(request._request.headers, body, at=now):
        problem = Problem("webhook-signature", "signature", _("The signature is missing, wrong or too old."))
        return problems_response(problem, status=401)
    given = NoticesIn(data=parse_json(body))
    given.is_valid(raise_exception=True)
    notices = [_notice(row) for row in given.validated_data["notices"]]
    # The service has no account here; its signature lets it name anybody's payment.
    with as_portal():
        settled = lifecycle.settle([one for one in notices if one.is_paid], at=now)
        failed = [one for one in notices if not one.is_paid and lifecycle.fail_payment(one, at=now)]
    return Response({"settled": len(settled), "failed": len(failed)})


def _notice(row: dict[str, Any]) -> PaymentNotice:
    return PaymentNotice(
        payment_reference=row["payment"],
        provider_reference=row["provider_reference"],
        is_paid=row["status"] == "paid",
        amount=row["amount"],
        currency=row["currency"],
        failure=row["failure"],
    )
