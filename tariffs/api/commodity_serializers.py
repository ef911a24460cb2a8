"""What is asked and answered about commodity codes."""

from typing import Any, ClassVar

from rest_framework import serializers

from swindow.api.fields import CountryCode, Day, OneOf, StrictSerializer, Text

MOST, USUAL = 20, 10
_LONGEST = 500


class SuggestionQuery(StrictSerializer):
    """A text, how many candidates, and the language of names and reasons."""

    q = Text(max_length=_LONGEST)
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=USUAL)
    language = OneOf(("en", "zh"), default="")


class CommodityQuery(StrictSerializer):
    """The country and day of national lines, and the language of names."""

    jurisdiction = CountryCode(default="")
    on = Day(default=None)
    language = OneOf(("en", "zh"), default="")


class CodeOut(serializers.Serializer[Any]):
    """A code with the tariff's own text, which is in English."""

    code = serializers.CharField()
    description = serializers.CharField()


class ReasonOut(serializers.Serializer[Any]):
    """Why a candidate is here."""

    KINDS: ClassVar = (
        "code",
        "trade_term",
        "brand",
        "question",
        "precedent",
        "attribute",
        "nomenclature",
        "default",
        "duty",
    )

    kind = serializers.CharField(help_text=", ".join(KINDS))
    words = serializers.ListField(child=serializers.CharField())
    sentence = serializers.CharField()


class CandidateOut(serializers.Serializer[Any]):
    """A subheading that may be meant; `path` holds chapter and heading above it."""

    code = serializers.CharField(help_text="Six digits of HS 2022")
    heading = serializers.CharField(help_text="Its first four digits; candidates are grouped by them")
    name = serializers.CharField(help_text="An everyday name; empty where there is none")
    description = serializers.CharField()
    score = serializers.CharField(help_text="0 to 1 as text; it ranks and is no probability")
    reasons = ReasonOut(many=True)
    path = CodeOut(many=True)


class SuggestionOut(serializers.Serializer[Any]):
    """Candidates, best first; a vague text has a hint and cannot be declared as it stands."""

    q = serializers.CharField()
    is_vague = serializers.BooleanField()
    hint = serializers.CharField()
    questions = serializers.ListField(child=serializers.CharField())
    results = CandidateOut(many=True)


class CommodityOut(serializers.Serializer[Any]):
    """A code: text, everyday name, note, what stands above it (itself last) and directly below it."""

    code = serializers.CharField()
    description = serializers.CharField()
    name = serializers.CharField()
    note = serializers.CharField()
    section = serializers.CharField(help_text="Roman number")
    edition = serializers.CharField(help_text="HS2022")
    path = CodeOut(many=True)
    children = CodeOut(many=True)
