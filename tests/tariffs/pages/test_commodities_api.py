"""GET /api/v1/commodities: suggestions and codes for machines, without a token."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from swindow.documents.throttle import Bucket
from tariffs import limits
from tests.tariffs.schedules.files import load, us_file

pytestmark = pytest.mark.django_db
COMMODITIES = "/api/v1/commodities"


def ask(client: Client, path: str = COMMODITIES, *, status: int = 200, **query: Any) -> dict[str, Any]:
    """Return the answer to one request."""
    answer = client.get(path, query)
    assert answer.status_code == status, answer.content[:300]
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_a_text_is_answered_by_candidates_with_reasons_and_their_path(client: Client) -> None:
    found = ask(client, q="nike air women running shoe mesh", limit="5")
    assert found["q"] == "nike air women running shoe mesh"
    assert len(found["results"]) == 5
    best = found["results"][0]
    assert (best["code"], best["heading"]) == ("640411", "6404")
    assert [step["code"] for step in best["path"]] == ["64", "6404"]
    assert best["reasons"][0]["kind"] == "trade_term"
    assert found["questions"]


def test_a_score_is_a_text_and_the_best_comes_first(client: Client) -> None:
    """Numbers are texts, as in the contract of `manage.py classify`."""
    scores = [one["score"] for one in ask(client, q="cotton t-shirt")["results"]]
    assert all(isinstance(score, str) for score in scores)
    assert scores == sorted(scores, reverse=True)


def test_a_vague_text_keeps_its_candidates_and_adds_a_hint(client: Client) -> None:
    found = ask(client, q="gift")
    assert found["is_vague"]
    assert found["hint"]
    assert len(found["results"]) == 10


@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_and_reasons_come_in_the_language_that_is_asked_for(client: Client, language: str) -> None:
    found = ask(client, q="cotton t-shirt", language=language)
    name = next(one["name"] for one in found["results"] if one["code"] == "610910")
    assert name == {"en": "cotton T-shirts", "zh": "棉制T恤衫"}[language]


def test_digits_are_the_beginning_of_codes(client: Client) -> None:
    assert all(one["code"].startswith("6109") for one in ask(client, q="6109", limit="2")["results"])


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ({}, ["q"]),
        ({"q": ""}, ["q"]),
        ({"q": "x" * 501}, ["q"]),
        ({"q": "a\0b"}, ["q"]),
        ({"q": "shoes", "limit": "0"}, ["limit"]),
        ({"q": "shoes", "limit": "21"}, ["limit"]),
        ({"q": "shoes", "limit": "1e3"}, ["limit"]),
        ({"q": "shoes", "language": "xx"}, ["language"]),
        ({"q": "", "limit": "x", "colour": "red"}, ["colour", "limit", "q"]),
    ],
)
def test_wrong_parameters_are_named_all_at_once(
    client: Client, query: dict[str, str], paths: list[str]
) -> None:
    errors = ask(client, status=400, **query)["errors"]
    assert sorted(error["path"] for error in errors) == paths
    assert all(error["message"] for error in errors)


def test_a_code_is_read_with_its_path_and_what_stands_below(client: Client) -> None:
    found = ask(client, f"{COMMODITIES}/6109")
    assert (found["section"], found["edition"]) == ("XI", "HS2022")
    assert [step["code"] for step in found["path"]] == ["61", "6109"]
    assert [child["code"] for child in found["children"]] == ["610910", "610990"]
    assert ask(client, f"{COMMODITIES}/610910")["name"] == "cotton T-shirts"


def test_national_lines_stand_below_six_digits_where_a_schedule_is_loaded(
    client: Client, tmp_path: Path
) -> None:
    load(us_file(tmp_path), on=date(2026, 7, 1))
    query = {"jurisdiction": "US", "on": "2026-07-02"}
    below = ask(client, f"{COMMODITIES}/640110", **query)["children"]
    assert [line["code"] for line in below] == ["64011000", "6401100030"]
    own = ask(client, f"{COMMODITIES}/64011000", **query)
    assert [step["code"] for step in own["path"]] == ["64", "6401", "640110", "64011000"]
    assert [line["code"] for line in own["children"]] == ["6401100030"]
    assert ask(client, f"{COMMODITIES}/640110")["children"] == []


@pytest.mark.parametrize(
    "code", ["77", "610", "999999", "61091099", "9" * 40, "1", "6109xx", "٦١٠٩", "610910%00"]
)
def test_an_unknown_code_is_not_found(client: Client, code: str) -> None:
    assert ask(client, f"{COMMODITIES}/{code}", status=404)["errors"]


def test_a_wrong_day_or_country_is_named(client: Client) -> None:
    errors = ask(client, f"{COMMODITIES}/610910", status=400, jurisdiction="XX", on="2026-02-30")["errors"]
    assert sorted(error["path"] for error in errors) == ["jurisdiction", "on"]


def test_who_asks_too_fast_is_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = Bucket(per_second=0, burst=1)
    monkeypatch.setattr(limits, "_SEARCHES", (narrow, Bucket(per_second=0, burst=100)))
    ask(client, q="shoes")
    answer = client.get(COMMODITIES, {"q": "shoes"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "5")
    assert json.loads(answer.content)["errors"][0]["code"] == "throttled"
