"""What happens to a declaration: assessment, timeline, questions, payment, papers."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from declarations.models import ClearanceDocument, InformationRequest
from swindow.api.fields import StrictSerializer, Text


class Empty(StrictSerializer):
    """A request without a body, or with {}."""


class ChargeOut(serializers.Serializer[Any]):
    """One tax on one line, with all that it was computed from."""

    type = serializers.CharField()
    base = serializers.CharField()
    rate = serializers.CharField(allow_null=True, help_text="Per cent; null for an amount per item")
    amount = serializers.CharField()
    raw = serializers.CharField(help_text="Before rounding")
    rule = serializers.CharField()
    sentence = serializers.CharField()
    expression = serializers.CharField()
    collector = serializers.CharField(help_text="vendor took it at sale; everybody else's is due now")
    inputs = serializers.ListField(help_text="Pairs of name and value")


class LineAssessmentOut(serializers.Serializer[Any]):
    """Customs value and charges of one line."""

    line_no = serializers.IntegerField()
    customs_value = serializers.CharField()
    charges = ChargeOut(many=True)


class FeeOut(serializers.Serializer[Any]):
    """One fee on the consignment."""

    type = serializers.CharField()
    amount = serializers.CharField()
    rule = serializers.CharField()
    sentence = serializers.CharField()
    expression = serializers.CharField()
    collector = serializers.CharField()


class ResultOut(serializers.Serializer[Any]):
    """The law's answer; amounts as text, in `currency`."""

    regime = serializers.CharField()
    route = serializers.CharField()
    outcome = serializers.CharField(help_text="assessed, refused or other_regime")
    declaration_type = serializers.CharField()
    currency = serializers.CharField()
    customs_value = serializers.CharField()
    goods_items = LineAssessmentOut(many=True, source="goods")
    fees = FeeOut(many=True)
    totals = serializers.DictField()
    payable = serializers.CharField(source="payable_by_trader_now")
    required_documents = serializers.ListField(child=serializers.DictField())
    agencies = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.DictField())
    pack_version = serializers.CharField()
    pack_sha256 = serializers.CharField()
    is_verified = serializers.BooleanField(source="verified", help_text="Every rule confirmed in a source")


class ProblemOut(serializers.Serializer[Any]):
    """What keeps the draft from being lodged."""

    path = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    fix = serializers.CharField()


class AssessmentOut(serializers.Serializer[Any]):
    """A draft is assessed as if it were lodged now; a lodged declaration keeps its own assessment."""

    is_final = serializers.BooleanField()
    problems = ProblemOut(many=True)
    result = ResultOut(allow_null=True)


class HappeningOut(serializers.Serializer[Any]):
    """One event of the audit chain, without who the person was."""

    seq = serializers.IntegerField()
    kind = serializers.CharField(help_text="declaration.accepted, hold.lifted, request.asked …")
    occurred_at = serializers.DateTimeField()
    actor = serializers.CharField(help_text="person, agency:customs, portal, payment service …")
    mandate = serializers.CharField(help_text="Under which an agent acted, else empty")
    facts = serializers.DictField(child=serializers.CharField())


class TimelineOut(serializers.Serializer[Any]):
    """What happened so far, oldest first; ask again with `after` set to the last `seq`."""

    status = serializers.CharField()
    events = HappeningOut(many=True)


class QuestionOut(serializers.Serializer[InformationRequest]):
    """A question of an authority; `number` counts the questions of the declaration from 1."""

    number = serializers.IntegerField()
    authority = serializers.CharField()
    reason_code = serializers.CharField()
    question = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class QuestionsOut(serializers.Serializer[Any]):
    """All questions, oldest first."""

    results = QuestionOut(many=True)


class AnswerIn(StrictSerializer):
    """The declarant's answer."""

    answer = Text(max_length=2000, is_multiline=True)


class PaperOut(serializers.Serializer[ClearanceDocument]):
    """One clearance paper."""

    number = serializers.CharField(source="document.number")
    kind = serializers.CharField(help_text="permission or tax_bill")
    title = serializers.CharField(source="document.title")
    state = serializers.CharField(source="document.state", help_text="issuing, live, superseded or revoked")
    issued_at = serializers.DateTimeField(allow_null=True)
    size = serializers.IntegerField(source="document.size")
    sha256 = serializers.CharField(source="document.sha256")
    verification_url = serializers.CharField()


class PapersOut(serializers.Serializer[Any]):
    """The clearance papers."""

    results = PaperOut(many=True)


def result_out(snapshot: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a result as JSON values (tariffs.snapshots) in the API's shape."""
    return None if snapshot is None else dict(ResultOut(snapshot).data)
