"""Files that come in: what is refused and why, what is kept and how."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from PIL import Image
from pytest_django import Settings

from swindow.documents import invariants, sandbox, storage, uploads
from swindow.documents.downloads import download_response, open_stored
from swindow.documents.errors import FileNotReady, StorageUnavailable, UploadRefused
from swindow.documents.models import StoredFile
from tests.builders import NOW
from tests.documents import bad_files
from tests.documents.bad_files import BAD


def upload(data: bytes, *, name: str = "invoice.pdf") -> StoredFile:
    return uploads.store_upload(io.BytesIO(data), owner_id=7, name=name, at=NOW)


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_within_two_seconds_with_a_reason_and_a_way_out(case: str, media: Path) -> None:
    name, data, code = BAD[case]
    started = time.monotonic()
    with pytest.raises(UploadRefused) as refusal:
        upload(data, name=name)
    # Two seconds on an idle machine; the rest is for tests that run beside this one.
    assert time.monotonic() - started < 6
    assert refusal.value.code == code
    assert str(refusal.value.message).endswith(".")
    assert str(refusal.value.fix).endswith(".")
    assert not media.exists()


def test_a_good_pdf_is_kept_and_comes_back_clean(db: None) -> None:
    received = bad_files.pdf(pages=3)
    file = upload(received, name="Rechnung Nr. 7.pdf")
    with open_stored(file) as stored:
        clean = stored.read()
    assert len(pikepdf.open(io.BytesIO(clean)).pages) == 3
    assert (file.state, file.content_type, file.scanned_at) == ("clean", "application/pdf", None)
    assert file.sha256 == storage.sha256_of(clean)
    assert file.received_sha256 == storage.sha256_of(received)
    assert list(invariants.findings()) == []


def test_a_pdf_that_office_programs_make_is_kept_without_its_opening_view(db: None) -> None:
    file = upload(bad_files.with_action("GoTo", D=pikepdf.Array([0, pikepdf.Name.Fit])))
    with open_stored(file) as stored:
        assert "/OpenAction" not in pikepdf.open(stored).Root


def test_a_photo_loses_its_position_and_camera_and_keeps_its_turn(db: None) -> None:
    exif = Image.Exif()
    exif[0x0110] = "SpyCam"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    data = bad_files.picture("JPEG", exif=exif, comment=b"secret", icc_profile=b"profile")
    file = upload(data, name="label.JPG")
    with open_stored(file) as stored:
        clean = stored.read()
    with Image.open(io.BytesIO(clean)) as picture:
        assert picture.size == (30, 40)
        assert not picture.getexif()
        assert not {"exif", "comment", "icc_profile"} & picture.info.keys()
    assert b"SpyCam" not in clean
    assert b"secret" not in clean


def test_a_phone_s_double_picture_and_a_printer_s_four_colours_are_kept_as_one_plain_picture(
    db: None,
) -> None:
    double, four = io.BytesIO(), io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(double, "MPO", save_all=True, append_images=frames[1:])
    Image.new("CMYK", (9, 9)).save(four, "JPEG")
    for data in (double.getvalue(), four.getvalue()):
        with open_stored(upload(data, name="a.jpeg")) as stored, Image.open(stored) as picture:
            assert (picture.format, picture.mode) == ("JPEG", "RGB")


def test_what_hangs_behind_a_picture_is_cut_off(db: None) -> None:
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png")):
        file = upload(bad_files.picture(kind) + b"PK\x03\x04<script>evil</script>", name=name)
        with open_stored(file) as stored:
            assert b"evil" not in stored.read()


def test_a_transparent_picture_stays_so(db: None) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (9, 9), (1, 2, 3, 4)).save(out, "PNG")
    with open_stored(upload(out.getvalue(), name="a.png")) as stored, Image.open(stored) as picture:
        assert picture.getpixel((0, 0)) == (1, 2, 3, 4)


def test_a_download_cannot_run_or_be_kept(db: None) -> None:
    response = download_response(upload(bad_files.pdf(), name='../../"x"\r\nSet-Cookie: a=1 发票.pdf'))
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "private, no-store"
    response.close()


def test_a_killed_parser_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_WALL_SECONDS", 0.01)
    with pytest.raises(UploadRefused) as refusal:
        upload(bad_files.pdf())
    assert refusal.value.code == "too_heavy"


def test_the_sandbox_can_neither_open_files_nor_sockets_nor_take_more_memory(tmp_path: Path) -> None:
    # A script of the test's own, started as the real ones are.
    script = tmp_path / "probe.py"
    script.write_text(
        "import json, socket, sys, os\n"
        "def tried(act):\n"
        "    try: act()\n"
        "    except (OSError, MemoryError) as error: return type(error).__name__\n"
        "    return 'done'\n"
        "def prepare(): pass\n"
        "def main(_ready):\n"
        "    answers = [tried(lambda: open('/etc/hostname')), tried(socket.socket),\n"
        "               tried(lambda: bytearray(600 << 20)), tried(os.pipe)]\n"
        "    print(json.dumps({'answers': answers, 'environment': sorted(os.environ)}))\n"
    )
    (tmp_path / "start.py").write_bytes(sandbox._START.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "_START", tmp_path / "start.py")
        answer = sandbox.run("probe", data=b"")
    assert answer is not None
    assert "done" not in answer.head["answers"]
    assert "SWINDOW_SECRET_KEY" not in answer.head["environment"]


# --- The store ------------------------------------------------------------------------------------


def test_a_full_disk_refuses_plainly_and_leaves_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(StorageUnavailable) as refusal:
        upload(bad_files.pdf())
    assert "try again" in str(refusal.value)
    assert StoredFile.objects.count() == 0
    assert [path for path in media.rglob("*") if path.is_file()] == []
    monkeypatch.undo()


def test_a_row_that_cannot_be_written_takes_its_object_away(
    db: None, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(StoredFile, "save", broken)
    with pytest.raises(DatabaseError):
        upload(bad_files.pdf())
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_missing_object_is_unavailable_and_found_by_the_books(db: None) -> None:
    file = upload(bad_files.pdf())
    default_storage.delete(file.storage_key)
    with pytest.raises(StorageUnavailable):
        open_stored(file)
    assert len(list(invariants.findings())) == 1


def test_an_altered_object_is_found_by_the_books(db: None, media: Path) -> None:
    file = upload(bad_files.pdf())
    (media / file.storage_key).write_bytes(b"other")
    assert "is not the one that was stored" in next(invariants.findings())


def test_objects_without_a_row_are_swept_once_they_are_old(db: None) -> None:
    file = upload(bad_files.pdf())
    storage.put("stored/zz/left-behind.pdf", b"x")
    future = StoredFile._meta.get_field("uploaded_at").to_python("2100-01-01T00:00:00Z")
    assert invariants.remove_orphans(before=NOW - timedelta(days=9000)) == 0
    assert invariants.remove_orphans(before=future) == 1
    assert default_storage.exists(file.storage_key)


def test_the_database_keeps_a_stored_file_as_it_is(db: None) -> None:
    file = upload(bad_files.pdf())
    for change in ({"sha256": "0" * 64}, {"owner_id": 8}, {"state": "quarantined"}, {"size": 0}):
        with pytest.raises(DatabaseError), transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).update(**change)


# --- The virus scanner ------------------------------------------------------------------------------


class FakeScanner:
    """Speaks INSTREAM and finds whatever holds the marker."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        self.marker = b"harmful"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := int.from_bytes(stream.read(4)):
                    data += stream.read(size)
                verdict = b"Test-Signature FOUND" if self.marker in data else b"OK"
                connection.sendall(b"stream: " + verdict + b"\0")


@pytest.fixture
def scanner(settings: Settings) -> Iterator[FakeScanner]:
    fake = FakeScanner()
    settings.CLAMD_URL = fake.url
    yield fake
    fake.server.close()


def _note(text: bytes) -> bytes:
    return bad_files.pdf(lambda document: document.docinfo.__setitem__("/Note", pikepdf.String(text)))


def test_a_scanned_file_says_when(db: None, scanner: FakeScanner) -> None:
    assert upload(bad_files.pdf()).scanned_at == NOW


def test_an_infected_file_is_refused(db: None, scanner: FakeScanner) -> None:
    with pytest.raises(UploadRefused) as refusal:
        upload(_note(b"harmful"))
    assert refusal.value.code == "infected"
    assert StoredFile.objects.count() == 0


def test_without_an_answer_the_file_waits_and_cannot_be_opened(
    db: None, scanner: FakeScanner, settings: Settings
) -> None:
    settings.CLAMD_URL = "unix:///nowhere/clamd.sock"
    waiting = [upload(bad_files.pdf()), upload(_note(b"harmful"))]
    for file in waiting:
        with pytest.raises(FileNotReady):
            open_stored(file)
    assert uploads.scan_waiting(at=NOW) == 0
    settings.CLAMD_URL = scanner.url
    assert uploads.scan_waiting(at=NOW) == 2
    for file in waiting:
        file.refresh_from_db()
    assert [file.state for file in waiting] == ["clean", "refused"]
    assert waiting[1].refusal_reason
    with pytest.raises(FileNotReady):
        open_stored(waiting[1])
    assert list(invariants.findings()) == []
