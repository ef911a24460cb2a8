"""Storage and keys of their own for the tests of files and papers, and a paper to issue."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from swindow.documents import issuing, lifecycle, views
from swindow.documents.lifecycle import DocumentToIssue
from swindow.documents.models import IssuedDocument
from swindow.documents.signing_keys import make_demo_keys
from swindow.documents.throttle import Bucket
from tests.builders import NOW

TEMPLATE = """{% extends "documents/paper.html" %}{% block body %}<p>{{ text }}</p><table class="rows">
{% for line in lines %}<tr data-line="{{ line }}"><td>{{ line }}</td></tr>{% endfor %}</table>{{ extra }}
{% endblock %}"""
LINES = ["Face cream", "Infant milk powder 婴儿奶粉", "Shaver"]


@pytest.fixture(scope="session")
def signing_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signing key for all tests of this worker, made on the day of their papers, which may be long past."""
    folder = tmp_path_factory.mktemp("keys") / "signing"
    make_demo_keys(folder, at=NOW)
    return folder


@pytest.fixture(autouse=True)
def _own_portal(settings: Settings, tmp_path: Path, own_files: Path, signing_folder: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.SIGNING_DIR = signing_folder
    settings.CLAMD_URL = ""
    settings.DEMO = True
    loader = ("django.template.loaders.locmem.Loader", {"paper-in-test.html": TEMPLATE})
    engine = settings.TEMPLATES[0]
    options = {key: value for key, value in engine["OPTIONS"].items() if key != "loaders"}
    files = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
    settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": options | {"loaders": [loader, *files]}}]


@pytest.fixture(autouse=True)
def _full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_LOOK_UPS", (Bucket(per_second=1, burst=40), Bucket(per_second=9, burst=99)))
    monkeypatch.setattr(views, "_FILES", (Bucket(per_second=0.1, burst=6), Bucket(per_second=1, burst=12)))


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """The folder in which objects are stored."""
    return tmp_path / "media"


@pytest.fixture
def reserve(db: None) -> Callable[..., IssuedDocument]:
    """Reserve a paper's number; the same subject and revision give the same one."""

    def make(*, subject: str = "SW-26-0000017K", revision: int = 1) -> IssuedDocument:
        request = DocumentToIssue(
            kind="CP", title="Clearance permission", subject=subject, snapshot={"n": 1}, revision=revision
        )
        return lifecycle.reserve(request, at=NOW)

    return make


@pytest.fixture
def issue(reserve: Callable[..., IssuedDocument]) -> Callable[..., IssuedDocument]:
    """Issue a paper of three lines."""

    def make(*, subject: str = "SW-26-0000017K", revision: int = 1, **context: object) -> IssuedDocument:
        return issue_one(reserve(subject=subject, revision=revision), **context)

    return make


def issue_one(document: IssuedDocument, **context: object) -> IssuedDocument:
    """Produce the file of a reserved paper of three lines."""
    return issuing.produce(
        document,
        template="paper-in-test.html",
        context={"lines": LINES, **context},
        at=NOW,
        lines=len(LINES),
        phrases=LINES,
    )
