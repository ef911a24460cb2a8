"""The sample, filed over HTTP against a running portal, is cleared; the seller answers customs on the way."""

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection

from declarations.demo import file_sample
from declarations.demo.people import load_demo
from declarations.demo.portal import Portal, PortalError
from swindow.events.worker import work_batch
from tests import builders

pytestmark = pytest.mark.usefixtures("own_database")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def portal(tmp_path: Path, settings: object, own_files: Path) -> Iterator[str]:
    """A web server and a worker in threads, with files of their own."""
    call_command("load_reference", verbosity=0)
    load_demo(tmp_path / "demo", at=builders.NOW)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    settings.PAYMENT_CALLBACK_URL = f"{address}/api/v1/payments/notices"
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(0.05):
            for queue in django_settings.QUEUES:
                work_batch(queue)
        connection.close()

    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=work)]
    for thread in threads:
        thread.start()
    yield address
    ended.set()
    server.shutdown()
    for thread in threads:
        thread.join()
    server.server_close()


def test_both_orders_are_cleared_and_their_papers_fetched(
    portal: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    token, summary = tmp_path / "demo" / "seller.token", tmp_path / "summary.json"
    assert file_sample.main(portal, token, summary) == 0, capsys.readouterr().out
    told = json.loads(summary.read_text())
    assert told["is_cleared"] is True
    ningbo, rotterdam = told["declarations"]
    assert (ningbo["payable"], ningbo["currency"]) == ("270.87", "CNY")
    assert (rotterdam["payable"], rotterdam["currency"]) == ("9.00", "EUR")
    for one in (ningbo, rotterdam):
        assert one["status"] == "released"
        assert {document["kind"] for document in one["documents"]} == {"permission", "tax_bill"}
        for document in one["documents"]:
            content = Path(document["path"]).read_bytes()
            assert content.startswith(b"%PDF-")
            assert hashlib.sha256(content).hexdigest() == document["sha256"]
    asked = [event["facts"] for event in ningbo["timeline"] if event["kind"] == "request.asked"]
    assert asked == [{"authority": "customs", "reason_code": "Q12"}]
    assert not [event for event in rotterdam["timeline"] if event["kind"] == "request.asked"]
    for one in (ningbo, rotterdam):
        at = {event["kind"]: datetime.fromisoformat(event["at"]) for event in one["timeline"]}
        waited = at["buyer.told"] - at["declaration.accepted"]
        with capsys.disabled():
            print(f"S10: the buyer was told {waited.total_seconds():.2f} s after acceptance")
        assert waited < timedelta(minutes=5)
    said = capsys.readouterr().out
    assert "RELEASED" in said
    assert "\033[" not in said
    # Again, with new numbers of its own.
    assert file_sample.main(portal, token, summary) == 0
    again = json.loads(summary.read_text())["declarations"]
    assert {one["lrn"] for one in again}.isdisjoint(one["lrn"] for one in told["declarations"])
    call_command("check_invariants")


def test_stale_papers_are_drawn_anew(tmp_path: Path) -> None:
    sample = file_sample.read_sample()
    stale = replace(sample, papers_good_for=timedelta(days=-1))
    folder, day = file_sample._papers(stale, folder=tmp_path, progress=file_sample.Progress())
    assert folder.parent.parent == tmp_path
    assert {file.name for file in folder.iterdir()} >= {
        paper.file for order in sample.orders for paper in order.papers
    }
    assert file_sample._papers(stale, folder=tmp_path, progress=file_sample.Progress()) == (folder, day)


def test_trouble_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("declarations.demo.portal._PATIENCE_SECONDS", 0.0)
    token = tmp_path / "seller.token"
    assert file_sample.main("http://127.0.0.1:9", token) == 1
    assert "Cannot read or write" in capsys.readouterr().out
    token.write_text("sw_wrong")
    assert file_sample.main("http://127.0.0.1:9", token) == 1
    assert "does not answer" in capsys.readouterr().out


def test_a_wrong_token_is_told(portal: str) -> None:
    with Portal(portal, token="sw_wrong") as machine, pytest.raises(PortalError, match="unknown or revoked"):
        machine.get("products")
