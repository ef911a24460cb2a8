"""manage.py classify: JSON lines in, JSON lines out, with a database and without."""

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.db import DatabaseError

from tariffs.classification.intake import answer_line
from tariffs.classification.precedents import NewPrecedent, PrecedentsIfAny, learn

LINES = (
    json.dumps({"id": "a", "text": "mens cotton t-shirt"}),
    "no json",
    json.dumps({"id": "b", "text": "gift"}),
    json.dumps({"id": "c"}),
    json.dumps({"id": 4, "text": ["shoe"]}),
    json.dumps({"id": None, "text": "女士纯棉睡衣", "more": True}, ensure_ascii=False),
    "[" * 100_000,
)


def _run(path: Path) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("classify", str(path), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _asked(tmp_path: Path, *lines: str) -> list[dict[str, Any]]:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return _run(path)


@pytest.mark.django_db
def test_each_line_gets_its_answer_in_order(tmp_path: Path) -> None:
    """One for one; a bad line gives its errors and the run goes on."""
    answers = _asked(tmp_path, *LINES)
    assert [answer["id"] for answer in answers] == ["a", None, "b", "c", 4, None, None]
    assert answers[0]["candidates"][0]["hs6"] == "610910"
    assert "hint" not in answers[0]
    assert answers[2]["hint"]
    assert [answer["errors"][0]["code"] for answer in answers if "errors" in answer] == [
        "json",
        "missing",
        "text",
        "json",
    ]


def test_both_sides_fit_the_schema_that_is_printed() -> None:
    """--schema prints what holds for every answer."""
    out = io.StringIO()
    call_command("classify", "--schema", stdout=out)
    schema = json.loads(out.getvalue())
    assert schema == json.loads(Path("tariffs/classify.schema.json").read_text(encoding="utf-8"))
    output = jsonschema.Draft202012Validator({"$ref": "#/$defs/output", "$defs": schema["$defs"]})
    for line in LINES:
        output.validate(answer_line(line))
    for code in ("6109", "00", "61.09.10"):
        output.validate(answer_line(json.dumps({"id": 1, "text": code})))


def test_any_line_is_answered() -> None:
    """Nothing that is typed ends the run."""
    for line in ("[]", "3", "null", '{"text": 3}', '{"id": {}, "text": "\\ud800"}'):
        assert answer_line(line)


@pytest.mark.django_db
def test_precedents_count_where_the_database_has_some(tmp_path: Path) -> None:
    """A word that no vocabulary knows is found from what was accepted before."""
    learn([NewPrecedent("zyxomat grinder", "820810", "ruling", "TEST-1")])
    (answer,) = _asked(tmp_path, json.dumps({"id": 1, "text": "zyxomat"}))
    kinds = {one["hs6"]: [reason["kind"] for reason in one["reasons"]] for one in answer["candidates"]}
    assert "precedent" in kinds["820810"]


def test_a_database_that_does_not_answer_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on without precedents, and asks no second time."""
    asked = []

    def refuse(words: tuple[str, ...]) -> None:
        asked.append(words)
        raise DatabaseError("no server")

    monkeypatch.setattr("tariffs.classification.precedents.stored_precedents", refuse)
    precedents = PrecedentsIfAny()
    first, second = (answer_line(LINES[0], precedents=precedents) for _ in range(2))
    assert first == second
    assert len(first["candidates"]) == 10
    assert len(asked) == 1
