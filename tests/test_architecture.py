"""The house rules that no linter knows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
APPS = ("swindow", "declarations", "tariffs", "logistics", "inspection")
OWN_MODELS = [model for model in apps.get_models() if model.__module__.startswith(APPS)]


def sources(pattern: str = "*.py") -> Iterator[Path]:
    for app in APPS:
        for file in sorted((ROOT / app).rglob(pattern)):
            if "migrations" not in file.parts:
                yield file


def test_files_have_the_names_that_everybody_expects() -> None:
    banned = {"utils", "helpers", "services", "managers", "common", "misc", "signals"}
    assert [str(file) for file in sources() if file.stem in banned] == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in sources()}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_on_commit_occurs_once() -> None:
    uses = [file for file in sources() if "on_commit(" in file.read_text().replace("_after_commit(", "")]
    assert [str(file.relative_to(ROOT)) for file in uses] == ["swindow/events/outbox.py"]


def test_a_status_is_set_in_lifecycle_only() -> None:
    setting = re.compile(r"^ +\w+\.status = |update\([^)]*\bstatus=|SET status = ", re.MULTILINE)
    found = {
        str(file.relative_to(ROOT))
        for file in sources()
        if setting.search(file.read_text()) and not {"lifecycle", "models", "demo"} & {*file.parts, file.stem}
    }
    assert found == set()


def test_pages_and_api_fetch_what_the_actor_may_see() -> None:
    """What has an owner is found from the actor, or from something that was found so before."""
    owned = "Declaration|Product|Organisation|Review|Verification|Mandate|ApiToken"
    from_actor = r"for_actor\(|acted_for_by\(|allowing\("
    parents = r"pk=\w+\.pk|pk=OuterRef|declarant=declarant|seller=declarant|user=request\.user"
    from_found = rf"filter\(\s*(?:{parents})|in_bulk\("
    unscoped = re.compile(rf"\b(?:{owned})\.objects\.(?!{from_actor}|{from_found}).*")
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in sources()
        if {"views", "api"} & {*file.parts, file.stem}
        for match in unscoped.finditer(file.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model.__name__)
def test_no_text_is_null_and_no_parent_takes_its_children_along(model: type[models.Model]) -> None:
    for field in model._meta.concrete_fields:
        if isinstance(field, (models.CharField, models.TextField)):
            assert not field.null, f"{field} may be null"
        if isinstance(field, (models.ForeignKey, models.OneToOneField)):
            cascade = field.remote_field.on_delete is models.CASCADE
            is_part_of_draft = model.__name__ in {"DraftAnswer", "GoodsItem", "SupportingDocument"}
            assert not cascade or is_part_of_draft, f"{field} cascades"


def test_the_queue_keeps_nothing_that_matters() -> None:
    assert settings.CELERY_RESULT_BACKEND is None
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_TASK_TIME_LIMIT > settings.CELERY_TASK_SOFT_TIME_LIMIT
