"""Issuing: one number, one row, one object, and nothing incomplete is ever sealed."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.utils.safestring import SafeString
from pytest_django import Settings

from swindow.documents import invariants, issuing, lifecycle, paper_checks, rendering, seal, storage
from swindow.documents.downloads import download_response, open_issued
from swindow.documents.errors import FileNotReady, PaperRefused, SealUnavailable, StorageUnavailable
from swindow.documents.lifecycle import DocumentToIssue
from swindow.documents.models import IssuedDocument
from tests.builders import NOW
from tests.documents.conftest import LINES, issue_one

Make = Callable[..., IssuedDocument]


def bytes_of(document: IssuedDocument) -> bytes:
    with open_issued(document) as file:
        return bytes(file.read())


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_paper_is_live_sealed_and_stored_once(issue: Make, media: Path) -> None:
    document = issue()
    data = bytes_of(document)
    assert document.state == "live"
    assert document.issued_at == NOW
    assert document.sha256 == storage.sha256_of(data)
    assert document.size == len(data)
    assert "not an authority" in document.signer
    assert seal.is_sound(data, at=NOW)
    assert len(files_in(media)) == 1
    assert list(invariants.findings()) == []
    response = download_response(document)
    assert response["Content-Disposition"] == f'attachment; filename="{document.number}.pdf"'
    response.close()


def test_the_paper_says_its_number_code_and_lines_also_in_chinese(issue: Make) -> None:
    document = issue()
    with pikepdf.open(io.BytesIO(bytes_of(document))) as pdf:
        text = paper_checks.text_of(pdf)
        assert pdf.docinfo["/Title"] == f"Clearance permission {document.number}"
    for phrase in (document.number, document.verification_code, *LINES):
        assert "".join(phrase.split()) in "".join(text.split())


def test_issuing_again_changes_nothing(issue: Make) -> None:
    first = issue()
    again = issue()
    assert (again.pk, again.number, again.sha256) == (first.pk, first.number, first.sha256)
    assert IssuedDocument.objects.count() == 1


@pytest.mark.parametrize("step", ["render", "seal", "put", "mark_live"])
def test_a_worker_killed_between_steps_leaves_one_number_one_row_one_object(
    step: str, reserve: Make, issue: Make, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die_after(module: object, name: str) -> None:
        real = getattr(module, name)

        def act(*args: object, **options: object) -> None:
            real(*args, **options)
            raise Killed

        monkeypatch.setattr(module, name, act)

    number = reserve().number
    place = {"render": rendering, "seal": seal, "put": storage, "mark_live": issuing}[step]
    die_after(place, step)
    with pytest.raises(Killed):
        issue_one(reserve())
    monkeypatch.undo()
    kept = files_in(media)
    document = issue()
    assert (document.number, document.state) == (number, "live")
    assert IssuedDocument.objects.count() == 1
    assert len(files_in(media)) == 1
    # A finished file is taken over: the paper that may have been seen is the paper that counts.
    assert not kept or kept == files_in(media)
    assert list(invariants.findings()) == []


def test_a_half_written_or_foreign_object_is_not_taken_over(reserve: Make, media: Path) -> None:
    document = reserve()
    folder = f"issued/26/{document.number}"
    storage.put(f"{folder}/{'0' * 64}.pdf", b"%PDF-1.7 half")
    unsealed = b"%PDF-1.7 whole but not ours"
    storage.put(f"{folder}/{storage.sha256_of(unsealed)}.pdf", unsealed)
    issue_one(document)
    assert [path.name for path in files_in(media)] == [f"{document.sha256}.pdf"]


def test_another_paper_s_sealed_file_is_not_taken_over(issue: Make, reserve: Make) -> None:
    other = bytes_of(issue(subject="SW-26-0000018X"))
    document = reserve()
    storage.put(f"issued/26/{document.number}/{storage.sha256_of(other)}.pdf", other)
    assert issue_one(document).sha256 != storage.sha256_of(other)


def test_two_workers_at_once_leave_the_file_that_the_row_names(
    reserve: Make, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = reserve()
    slower = reserve()
    real = issuing.mark_live

    def overtaken(*args: object, **options: object) -> bool:
        monkeypatch.setattr(issuing, "mark_live", real)
        # The second worker sees no file of the first, as when both began together.
        with monkeypatch.context() as patch:
            patch.setattr(storage, "keys_under", lambda _folder: [])
            issue_one(slower)
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(issuing, "mark_live", overtaken)
    issue_one(document)
    row = IssuedDocument.objects.get()
    assert [path.name for path in files_in(media)] == [f"{row.sha256}.pdf"]
    assert list(invariants.findings()) == []


# --- Complete or not at all --------------------------------------------------------------------------


def refused(document: IssuedDocument, media: Path, **context: object) -> str:
    with pytest.raises(PaperRefused) as refusal:
        issue_one(document, **context)
    document.refresh_from_db()
    assert document.state == "issuing"
    assert files_in(media) == []
    return str(refusal.value)


def test_a_paper_without_its_square_code_is_never_sealed(
    reserve: Make, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rendering.render
    monkeypatch.setattr(
        rendering, "render", lambda html, assets: real(html.replace("asset:qr.png", ""), assets=assets)
    )
    assert "code to scan" in refused(reserve(), media)


def test_a_broken_picture_of_the_square_code_is_noticed(
    reserve: Make, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rendering.render
    monkeypatch.setattr(rendering, "render", lambda html, assets: real(html, assets={"qr.png": b"\x89PNG"}))
    assert "code to scan" in refused(reserve(), media)


def test_another_square_code_is_noticed(reserve: Make, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = issuing._page(reserve(subject="OTHER"), template="paper-in-test.html", context={})[1]
    real = rendering.render
    monkeypatch.setattr(rendering, "render", lambda html, assets: real(html, assets={"qr.png": other}))
    assert "code to scan" in refused(reserve(), media)


def test_a_lost_line_is_noticed(reserve: Make, media: Path) -> None:
    problems = refused(reserve(), media, lines=LINES[:2])
    assert "2 lines instead of 3" in problems
    assert "not on the paper: Shaver" in problems


def test_a_page_too_heavy_to_lay_out_is_refused(reserve: Make, media: Path) -> None:
    assert "line breaks" in refused(reserve(), media, extra=SafeString("<br>" * 20_000))


def test_laying_out_ends_when_its_time_is_over(
    reserve: Make, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "SECONDS", 0.01)
    assert "too much time or memory" in refused(reserve(), media)


def test_laying_out_ends_when_its_memory_is_used_up_and_the_next_paper_is_made(
    monkeypatch: pytest.MonkeyPatch, issue: Make
) -> None:
    rendering._child.stop()
    monkeypatch.setattr(rendering, "MEMORY_BYTES", 16 << 20)
    with pytest.raises(PaperRefused, match="memory"):
        rendering.render("<p>word</p>" * 20_000, assets={})
    monkeypatch.undo()
    rendering._child.stop()
    assert issue().state == "live"


def test_a_killed_child_costs_one_attempt(reserve: Make, issue: Make) -> None:
    issue()
    child = rendering._child._child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(PaperRefused):
        issue_one(reserve(subject="OTHER"))
    assert issue(subject="OTHER").state == "live"


def test_the_child_ends_with_its_parent() -> None:
    """A worker killed with -9 leaves nothing that holds its connections open."""
    program = (
        "import os, signal, sys\n"
        "from swindow.documents.child_process import ChildProcess\n"
        "child = ChildProcess(lambda job: os.getpid(), memory_bytes=lambda: 1 << 30, jobs=9)\n"
        "print(child.ask(1, seconds=9), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)
    pid = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text():
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


def test_deep_nesting_harms_nobody(reserve: Make, media: Path) -> None:
    with pytest.raises(PaperRefused):
        rendering.render("<div>" * 2_000, assets={})


def test_a_missing_chinese_font_is_said_plainly(
    reserve: Make, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rendering.render

    def without_font(html: str, *, assets: dict[str, bytes]) -> rendering.Rendered:
        done = real(html, assets=assets)
        return rendering.Rendered(pdf=done.pdf, refused_urls=(), missing_characters="婴儿")

    monkeypatch.setattr(rendering, "render", without_font)
    assert "fonts-noto-cjk" in refused(reserve(), media)


def test_a_sign_without_a_font_does_not_stop_a_paper(issue: Make) -> None:
    # No font has this character of the private use area.
    assert issue(text="Shaver \ue123").state == "live"


def test_without_a_key_nothing_is_issued(
    reserve: Make, media: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.DEMO, settings.SIGNING_DIR = False, tmp_path / "none"
    with pytest.raises(SealUnavailable, match="make_signing_key"):
        issue_one(reserve())
    assert files_in(media) == []


def test_without_the_time_stamp_service_nothing_is_issued(
    reserve: Make, media: Path, settings: Settings
) -> None:
    settings.TSA_URL = "http://127.0.0.1:9/"
    with pytest.raises(SealUnavailable, match="time-stamp"):
        issue_one(reserve())
    assert files_in(media) == []


def test_a_store_that_fails_keeps_the_number_for_later(
    reserve: Make, issue: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = reserve().number
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", lambda *_a: (_ for _ in ()).throw(ConnectionError))
        with pytest.raises(StorageUnavailable):
            issue()
    with pytest.raises(FileNotReady):
        open_issued(reserve())
    assert issue().number == number


# --- Hostile text ---------------------------------------------------------------------------------------


def test_text_of_people_is_text_and_nothing_else(issue: Make) -> None:
    evil = '<img src="file:///etc/passwd"><script>1</script>{{ settings.SECRET_KEY }}{% now "Y" %}'
    document = issue(text=evil)
    with pikepdf.open(io.BytesIO(bytes_of(document))) as pdf:
        text = "".join(paper_checks.text_of(pdf).split())
    assert "".join(evil.split()) in text


VECTORS = [
    '<img src="{url}">',
    '<img srcset="{url} 2x">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    "<style>@import url({url});</style>",
    '<style>body {{ background: url("{url}") }}</style>',
    '<style>@font-face {{ font-family: x; src: url("{url}") }} p {{ font-family: x }}</style><p>x</p>',
    '<style>li {{ list-style-image: url("{url}") }}</style><ul><li>x</li></ul>',
    '<style>p::before {{ content: url("{url}") }}</style><p>x</p>',
    '<style>p {{ border-image: url("{url}") 9 }}</style><p>x</p>',
    '<p style="background-image: url({url})">x</p>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    '<svg viewBox="0 0 9 9"><image href="{url}" width="9" height="9"/></svg>',
    '<svg viewBox="0 0 9 9"><use href="{url}#a"/></svg>',
    '<svg viewBox="0 0 9 9"><style>@import url({url});</style></svg>',
    '<base href="{url}"><img src="a.png">',
    '<iframe src="{url}"></iframe>',
]


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_no_page_can_make_us_fetch(vector: str, scheme: str, tmp_path: Path) -> None:
    """Promise S22: the server never fetches what a user named."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        secret = tmp_path / "secret.png"
        os.mkfifo(secret)
        port = server.getsockname()[1]
        url = f"http://127.0.0.1:{port}/x.png" if scheme == "http" else secret.as_uri()
        html = f'<html lang="en"><title>x</title><body>{vector.format(url=url)}</body></html>'
        # Opening the pipe for reading would hang until the time limit.
        try:
            rendering.render(html, assets={})
        except PaperRefused as refusal:
            assert "time" not in str(refusal)
        with pytest.raises(BlockingIOError):
            server.accept()


# --- Replacing and withdrawing ------------------------------------------------------------------------


def test_a_correction_replaces_the_paper_when_it_is_live(issue: Make) -> None:
    first = issue()
    second = issue(revision=2)
    first.refresh_from_db()
    assert (first.state, first.superseded_by, second.state) == ("superseded", second, "live")
    assert first.number != second.number


def test_a_paper_overtaken_by_its_correction_is_born_replaced(reserve: Make, issue: Make) -> None:
    reserve()
    second = issue(revision=2)
    first = issue()
    assert (first.state, first.superseded_by) == ("superseded", second)


def test_a_withdrawn_paper_stays_withdrawn_and_is_never_made(reserve: Make, media: Path) -> None:
    document = lifecycle.revoke(reserve(), reason="Issued by mistake", at=NOW)
    assert lifecycle.revoke(document, reason="Again", at=NOW).revocation_reason == "Issued by mistake"
    assert issue_one(document).state == "revoked"
    assert files_in(media) == []


def test_only_a_live_paper_can_be_replaced_by_another(reserve: Make, issue: Make) -> None:
    live = issue()
    with pytest.raises(ValueError, match="only a live paper"):
        lifecycle.supersede(reserve(subject="OTHER"), by=live)
    other = issue(subject="OTHER")
    assert lifecycle.supersede(live, by=other).superseded_by == other


def test_numbers_are_reserved_in_four_statements_however_many(
    db: None, django_assert_num_queries: Callable[[int], object]
) -> None:
    def requests(name: str, count: int) -> list[DocumentToIssue]:
        subjects = [f"{name}-{number}" for number in range(count)]
        return [DocumentToIssue(kind="TB", title="Tax bill", subject=s, snapshot={}) for s in subjects]

    for name, count in (("A", 1), ("B", 500)):
        with django_assert_num_queries(4):  # type: ignore[attr-defined]
            rows = lifecycle.reserve_all(requests(name, count), at=NOW)
        assert len({row.number for row in rows}) == count
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        again = lifecycle.reserve_all(requests("B", 500), at=NOW)
    assert [row.number for row in again] == [row.number for row in rows]
