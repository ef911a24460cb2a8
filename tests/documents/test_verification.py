"""The public page: valid, replaced, withdrawn, changed or unknown, and never anything personal."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from swindow.documents import issuing, lifecycle, seal, views
from swindow.documents.downloads import open_issued
from swindow.documents.models import IssuedDocument
from swindow.documents.rules import verification_path
from swindow.documents.throttle import Bucket
from tests.budgets import WHO_ASKS
from tests.builders import NOW
from tests.documents import bad_files

Make = Callable[..., IssuedDocument]


def bytes_of(document: IssuedDocument) -> bytes:
    with open_issued(document) as file:
        return bytes(file.read())


def ask(client: Client, data: bytes) -> str:
    file = SimpleUploadedFile("paper.pdf", data, "application/pdf")
    response = client.post("/verify/", {"check_file": "1", "file": file})
    return verdict(response.content.decode())


def verdict(page: str) -> str:
    words = ("Valid", "Replaced", "Withdrawn", "Changed", "Unknown")
    found = [word for word in words if f"<b>{word}</b>" in page]
    assert len(found) == 1, page
    return found[0]


def test_the_printed_address_is_the_page_s(issue: Make) -> None:
    document = issue()
    path = reverse("documents:verify_code", args=[document.verification_code])
    assert path == verification_path(document.verification_code)
    assert issuing.verification_url(document).endswith(path)


def test_the_printed_code_opens_a_page_with_the_facts_and_nothing_personal(
    client: Client, issue: Make
) -> None:
    document = issue()
    response = client.get(verification_path(document.verification_code))
    page = response.content.decode()
    assert (response.status_code, verdict(page)) == (200, "Valid")
    assert document.number in page
    assert document.sha256 in page
    assert "2026-11-23 09:30" in page
    assert document.subject not in page
    assert "no-store" in response["Cache-Control"]


def test_number_and_code_lead_to_the_same_page(client: Client, issue: Make) -> None:
    document = issue()
    answers = {"number": document.number.lower(), "code": document.verification_code}
    response = client.post("/verify/", answers)
    assert response.status_code == 302
    assert response["Location"] == verification_path(document.verification_code)


def test_number_and_code_of_two_papers_are_unknown_together(client: Client, issue: Make) -> None:
    first, second = issue(), issue(subject="OTHER")
    answers = {"number": first.number, "code": second.verification_code}
    assert verdict(client.post("/verify/", answers).content.decode()) == "Unknown"


def test_a_mistyped_number_is_said_beside_the_field(client: Client, db: None) -> None:
    response = client.post("/verify/", {"number": "CP-26-00000012-1", "code": "short"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "This is not a document number" in page
    assert "22 letters" in page
    assert "CP-26-00000012-1" in page


@pytest.mark.parametrize("code", ["A" * 22, "x", "%00", "A" * 900, "..%2f..", "'--", "签"])
def test_an_unknown_code_is_not_found(client: Client, db: None, code: str) -> None:
    response = client.get(f"/verify/{code}/")
    assert response.status_code == 404


def test_a_number_that_is_only_reserved_is_unknown(client: Client, reserve: Make) -> None:
    assert client.get(verification_path(reserve().verification_code)).status_code == 404


def test_replaced_and_withdrawn_papers_say_so_by_code_and_by_file(client: Client, issue: Make) -> None:
    first = issue()
    data = bytes_of(first)
    second = issue(revision=2)
    page = client.get(verification_path(first.verification_code)).content.decode()
    assert verdict(page) == "Replaced"
    assert second.number in page
    assert second.verification_code not in page
    assert ask(client, data) == "Replaced"
    lifecycle.revoke(second, reason="Secret suspicion against Lin Wei", at=NOW)
    page = client.get(verification_path(second.verification_code)).content.decode()
    assert verdict(page) == "Withdrawn"
    assert "Lin Wei" not in page


# --- By file ------------------------------------------------------------------------------------------


def test_the_file_itself_is_valid(client: Client, issue: Make) -> None:
    assert ask(client, bytes_of(issue())) == "Valid"


def test_any_changed_byte_is_noticed(client: Client, issue: Make) -> None:
    data = bytearray(bytes_of(issue()))
    data[len(data) // 3] ^= 1
    assert ask(client, bytes(data)) == "Changed"


def test_something_added_behind_the_seal_is_noticed(client: Client, issue: Make) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(bytes_of(issue())))
    page = writer.root["/Pages"]["/Kids"][0]
    page[NameObject("/Rotate")] = NumberObject(90)
    writer.mark_update(page.get_container_ref())
    out = io.BytesIO()
    writer.write(out)
    assert ask(client, out.getvalue()) == "Changed"


def test_bytes_after_the_end_are_noticed(client: Client, issue: Make) -> None:
    assert ask(client, bytes_of(issue()) + b"\n%more") in {"Changed", "Unknown"}


def test_a_copy_saved_anew_is_not_ours(client: Client, issue: Make) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(bytes_of(issue()))) as pdf:
        pdf.save(out)
    assert ask(client, out.getvalue()) in {"Changed", "Unknown"}


def test_a_paper_sealed_by_somebody_else_is_unknown(
    client: Client, issue: Make, settings: object, tmp_path: object, signing_folder: Path
) -> None:
    unsealed = bad_files.pdf()
    settings.SIGNING_DIR = tmp_path / "others"  # type: ignore[attr-defined, operator]
    forged = seal.seal(unsealed, reason="CP-26-00000012-7", at=NOW).data
    settings.SIGNING_DIR = signing_folder  # type: ignore[attr-defined]
    assert ask(client, forged) == "Unknown"


def test_a_file_sealed_by_us_but_unknown_to_the_books_is_not_valid(client: Client, db: None) -> None:
    leaked = seal.seal(bad_files.pdf(), reason="CP-26-00000012-7", at=NOW).data
    assert ask(client, leaked) == "Changed"


def test_a_row_whose_hash_was_forged_does_not_make_a_file_valid(
    client: Client, reserve: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from swindow.documents.lifecycle import SealedFile
    from swindow.documents.storage import sha256_of

    data = bad_files.pdf()
    file = SealedFile(sha256=sha256_of(data), size=len(data), storage_key="issued/x", signer="forged")
    lifecycle.mark_live(reserve(), file=file, at=NOW)
    assert ask(client, data) == "Changed"


@pytest.mark.parametrize(
    "case", ["text", "cut pdf", "password", "only a pdf's head", "pdf with rubbish inside"]
)
def test_odd_files_are_unknown(client: Client, db: None, case: str) -> None:
    assert ask(client, bad_files.BAD[case][1]) == "Unknown"


def test_a_file_too_large_is_said_beside_the_field(client: Client, db: None) -> None:
    file = SimpleUploadedFile("a.pdf", bad_files.BAD["too big"][1])
    response = client.post("/verify/", {"check_file": "1", "file": file})
    assert response.status_code == 422
    assert client.post("/verify/", {"check_file": "1"}).status_code == 422


# --- Cheap -----------------------------------------------------------------------------------------------


def test_the_page_costs_one_query(
    client: Client, issue: Make, django_assert_num_queries: Callable[[int], object]
) -> None:
    document = issue()
    with django_assert_num_queries(1 + WHO_ASKS):  # type: ignore[attr-defined]
        client.get(verification_path(document.verification_code))


def test_who_asks_too_often_waits_and_others_do_not(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    each, everyone = Bucket(per_second=0.001, burst=3), Bucket(per_second=0.001, burst=5)
    monkeypatch.setattr(views, "_LOOK_UPS", (each, everyone))

    def status(address: str) -> int:
        return int(client.get("/verify/unknown/", REMOTE_ADDR=address).status_code)

    assert [status("192.0.2.1") for _ in range(4)] == [404, 404, 404, 429]
    assert [status("192.0.2.2") for _ in range(3)] == [404, 404, 429]


def test_a_caller_cannot_choose_its_address(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    each, everyone = Bucket(per_second=0.001, burst=1), Bucket(per_second=1, burst=50)
    monkeypatch.setattr(views, "_LOOK_UPS", (each, everyone))
    answers = [
        client.get("/verify/unknown/", HTTP_X_FORWARDED_FOR=f"192.0.2.{last}").status_code
        for last in range(2)
    ]
    assert answers == [404, 429]


def test_a_bucket_fills_again_with_time() -> None:
    now = [0.0]
    bucket = Bucket(per_second=0.5, burst=2, clock=lambda: now[0])
    assert [bucket.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 2.0
    assert [bucket.allows("a"), bucket.allows("a"), bucket.allows("b")] == [True, False, True]
