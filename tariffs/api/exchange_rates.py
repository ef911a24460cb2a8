"""Exchange rates for machines: what counts in a country on a day, and what is missing."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.request import Request
from rest_framework.response import Response

from swindow.api.fields import Day, StrictSerializer, Text
from swindow.api.schema import problems
from tariffs.api.throttling import Searches
from tariffs.exchange.showing import DayRates, rates_of_day
from tariffs.forms.exchange_rates import EARLIEST, LATEST
from tariffs.law_names import policy_sentence
from tariffs.results import ExchangeRateUsed

# Digits of a rate that was crossed; one that was published has fewer.
_DIGITS = Decimal("1e-12")
_EXAMPLE = {
    "jurisdiction": "CN",
    "currency": "CNY",
    "on": "2026-10-15",
    "valid_from": "2026-10-01",
    "valid_to": "2026-11-01",
    "anchor": "2026-09-16",
    "rule": "CN-13",
    "is_official": False,
    "sentence": "Amounts are converted at the rate of the third Wednesday of the month before. "
    "If that is a holiday, the Wednesday after it counts.",
    "rates": [
        {
            "from": "USD",
            "to": "CNY",
            "rate": "6.707116234723",
            "anchor": "2026-09-16",
            "source": "European Central Bank, euro foreign exchange reference rates",
            "is_stand_in": True,
        }
    ],
    "missing": [
        {
            "currency": "KZT",
            "message": "There is no exchange rate for KZT of 2026-09-16: "
            "the European Central Bank publishes none.",
            "fix": "Give the rate in exchange_rates, or load the official table with load_exchange_rates.",
        }
    ],
}


class RatesQuery(StrictSerializer):
    """What is asked: a country of import or a union of countries, and a day."""

    jurisdiction = Text(max_length=4)
    on = Day(required=False)

    def validate_on(self, day: date) -> date:
        """Return the day, if rates can be known for it."""
        if not EARLIEST <= day < LATEST:
            self.fields["on"].fail("day_form")
        return day


class RateOut(serializers.Serializer[Any]):
    """1 `from` = `rate` `to`."""

    to = serializers.CharField()
    rate = serializers.CharField(help_text="A decimal with 12 places")
    anchor = serializers.DateField(allow_null=True, help_text="The day on which it was published")
    source = serializers.CharField()  # type: ignore[assignment]
    is_stand_in = serializers.BooleanField(help_text="True where it stands in for one that customs publishes")

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; `from` is no name in Python."""
        return {"from": serializers.CharField(), **super().get_fields()}


class MissingOut(serializers.Serializer[Any]):
    """A usual currency that has no rate for the day."""

    currency = serializers.CharField()
    message = serializers.CharField()
    fix = serializers.CharField()


class RatesOut(serializers.Serializer[Any]):
    """The rates that count on the day, `valid_from` to before `valid_to`."""

    jurisdiction = serializers.CharField()
    currency = serializers.CharField()
    on = serializers.DateField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(help_text="The first day on which other rates count")
    anchor = serializers.DateField(help_text="The day that the rule names, off holidays")
    rule = serializers.CharField()
    is_official = serializers.BooleanField(help_text="Whether the authority itself uses this source")
    sentence = serializers.CharField()
    rates = RateOut(many=True)
    missing = MissingOut(many=True)


@extend_schema(
    operation_id="list_exchange_rates",
    tags=["Tariff"],
    auth=[],
    parameters=[
        OpenApiParameter("jurisdiction", str, required=True, description="Country of import, EU or EAEU"),
        OpenApiParameter("on", date, description="The day, usually today"),
    ],
    responses={200: RatesOut, **problems(400, 422, 429)},
    examples=[OpenApiExample("China in October", value=_EXAMPLE, response_only=True)],
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([])
@throttle_classes([Searches])
def list_exchange_rates(request: Request) -> Response:
    """List the rates that a country uses on a day, each with its source, and the currencies without one."""
    query = RatesQuery(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    asked = query.validated_data
    return Response(_shown(rates_of_day(asked["jurisdiction"], on=asked.get("on") or timezone.localdate())))


def _shown(day: DayRates) -> dict[str, Any]:
    return {
        "jurisdiction": day.jurisdiction,
        "currency": day.currency,
        "on": day.on,
        "valid_from": day.first,
        "valid_to": day.end,
        "anchor": day.anchor,
        "rule": day.policy.rule,
        "is_official": day.policy.is_official,
        "sentence": policy_sentence(day.policy),
        "rates": [_rate(used, day) for used in day.rates],
        "missing": [
            {"currency": one.currency, "message": one.problem.message, "fix": one.problem.fix}
            for one in day.missing
        ],
    }


def _rate(used: ExchangeRateUsed, day: DayRates) -> dict[str, Any]:
    return {
        "from": used.from_currency,
        "to": used.to_currency,
        "rate": f"{used.rate.quantize(_DIGITS):f}",
        "anchor": used.anchor,
        "source": used.source,
        "is_stand_in": day.is_stand_in(used),
    }
