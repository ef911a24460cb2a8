"""The officers' pages of the law: what they show, whom they let do what, and what they cost."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from declarations import lifecycle as declarations
from declarations.models import Product
from swindow.accounts.models import User
from tariffs.drafting.edits import FileWritten
from tariffs.lifecycle import edit_draft, load_packs, propose, start_draft
from tariffs.models import DraftStatus, PackDraft, RegulationPack
from tariffs.pack_parsing import REGULATIONS
from tariffs.packs import folder_shelf, use_shelf
from tariffs.published import forget, published_by_hash, published_shelf
from tests import builders
from tests.budgets import WHO_ASKS
from tests.tariffs.drafts.rows import VERSION, gst_rise, limit_change, line_of, parameter_line

pytestmark = pytest.mark.django_db
NOW = builders.NOW
Budget = Callable[[int], AbstractContextManager[object]]
TABS = ("changes", "check", "preview", "touched", "history")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("regulations")
    for name in ("sg", "au"):
        shutil.copytree(REGULATIONS / name, root / name)
    return root


@pytest.fixture
def law(db: None, folders: Path) -> Iterator[None]:
    """Singapore and Australia are published; what a test publishes is forgotten after it."""
    load_packs(folders)
    use_shelf(folder_shelf)
    forget()
    yield
    use_shelf(published_shelf, by_hash=published_by_hash)
    forget()


@pytest.fixture
def tax_officer(db: None) -> User:
    return builders.officer("tax")


@pytest.fixture
def draft(law: None, customs_officer: User) -> PackDraft:
    """GST rises to 10 % on 1 January 2027, written by customs."""
    draft = start_draft("SG", note="GST rises.", by=customs_officer, at=NOW)
    return edit_draft(draft, edit=gst_rise(draft.files), seen=draft.sha256, by=customs_officer, at=NOW)


def as_person(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(draft: PackDraft, name: str = "pack_draft", *arguments: object) -> str:
    return reverse(f"inspection:{name}", args=[draft.reference, *arguments])


def page(person: User, draft: PackDraft, tab: str, **query: str) -> str:
    answer = as_person(person).get(address(draft), {"tab": tab, **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_officer_begins_a_draft(law: None, customs_officer: User) -> None:
    client = as_person(customs_officer)
    assert "Singapore" in client.get("/officer/packs/").content.decode()
    answer = client.post("/officer/packs/", {"jurisdiction": "SG", "note": "GST rises."})
    draft = PackDraft.objects.get()
    assert answer.headers["Location"] == address(draft)
    again = client.post("/officer/packs/", {"jurisdiction": "SG", "note": "Once more."})
    assert again.status_code == 409
    text = again.content.decode()
    assert "has an open draft already" in text
    assert "Once more." in text


def test_a_draft_without_a_reason_is_not_begun(law: None, customs_officer: User) -> None:
    answer = as_person(customs_officer).post("/officer/packs/", {"jurisdiction": "", "note": ""})
    assert answer.status_code == 422
    assert "2 things to put right" in answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_whoever_writes_no_law_finds_none(
    draft: PackDraft, quarantine_officer: User, seller: User, tab: str
) -> None:
    for person in (quarantine_officer, seller):
        client = as_person(person)
        assert client.get(address(draft), {"tab": tab}).status_code == 404
        assert client.get("/officer/packs/").status_code == 404
        assert client.post(address(draft, "pack_publish"), {"seen": draft.sha256}).status_code == 404


def test_differences_read_as_what_was_and_what_will_be(draft: PackDraft, tax_officer: User) -> None:
    text = page(tax_officer, draft, "changes")
    assert "GST" in text
    assert "<ins>10%</ins>" in text
    assert text.count("2027-01-01") == 2
    assert "rewrites what is law already" not in text
    assert "Change a rate" not in text


def test_a_row_that_is_overwritten_is_pointed_out(draft: PackDraft, customs_officer: User) -> None:
    edit = FileWritten("rates.csv", draft.files["rates.csv"].replace(",8%,", ",8.5%,"))
    edit_draft(draft, edit=edit, seen=draft.sha256, by=customs_officer, at=NOW)
    assert "rewrites what is law already" in page(customs_officer, draft, "changes")


def test_problems_name_file_line_and_character(draft: PackDraft, customs_officer: User) -> None:
    edit = FileWritten("rates.csv", draft.files["rates.csv"].replace(",10%,", ",10 ABC / kg,"))
    edit_draft(draft, edit=edit, seen=draft.sha256, by=customs_officer, at=NOW)
    text = page(customs_officer, draft, "check")
    assert "at line 393, character 14" in text
    assert "no currency ABC" in text
    refused = as_person(customs_officer).post(
        address(draft, "pack_propose"), {"seen": PackDraft.objects.get().sha256}
    )
    assert refused.status_code == 409
    assert "rates.csv, line 393" in refused.content.decode()


def test_each_failing_golden_case_is_shown_with_both_figures(law: None, customs_officer: User) -> None:
    draft = start_draft("SG", note="Too early.", by=customs_officer, at=NOW)
    edit = gst_rise(draft.files, on=date(2026, 1, 1))
    draft = edit_draft(draft, edit=edit, seen=draft.sha256, by=customs_officer, at=NOW)
    text = page(customs_officer, draft, "check")
    assert "a cent above SGD 400 bears GST on the whole value" in text
    assert "The draft gives" in text
    assert "Not ready to be proposed" in text


def test_stored_cases_are_worked_out_by_both_laws(
    draft: PackDraft, customs_officer: User, seller: User, reference_data: None
) -> None:
    goods = [builders.goods_item(1, code="640411", price="500.00")]
    stored = builders.draft(
        seller, jurisdiction="SG", currency="SGD", goods=goods, registration_scheme="", registration_number=""
    )
    assert declarations.lodge([stored.pk], by=seller, at=NOW) == {}
    text = page(customs_officer, draft, "preview")
    assert "as if it happened on 1 January 2027" in text
    assert stored.reference in text
    assert "<del>90.00</del> <ins>100.00</ins>" in text
    today = page(customs_officer, draft, "preview", on="")
    assert "No stored case changes" in today
    wrong = page(customs_officer, draft, "preview", on="tomorrow")
    assert "This is not a day" in wrong


def test_touched_products_and_drafts_are_listed(
    law: None, customs_officer: User, seller: User, rival: User
) -> None:
    product = declarations.register_product(
        Product(
            seller=builders.company_of(seller),
            sku="W-1",
            description="A secret wine",
            commodity_code="220421",
            origin="FR",
            unit_price="9.00",
            currency="SGD",
            net_mass_kg="1",
        ),
        at=NOW,
    )
    wine = builders.draft(rival, jurisdiction="SG", goods=[builders.goods_item(1, code="22042100")])
    shoes = builders.draft(rival, jurisdiction="SG", goods=[builders.goods_item(1, code="640411")])
    elsewhere = builders.draft(rival, jurisdiction="NL", goods=[builders.goods_item(1, code="22042100")])
    draft = start_draft("SG", note="Wine bears duty.", by=customs_officer, at=NOW)
    line = line_of(draft.files, type="customs_duty", hs_prefix="2204")
    row = draft.files["rates.csv"].split("\n")[line - 1]
    text = draft.files["rates.csv"].replace(row, row.replace(",free,", ",5%,"))
    edit_draft(draft, edit=FileWritten("rates.csv", text), seen=draft.sha256, by=customs_officer, at=NOW)
    shown = page(customs_officer, draft, "touched")
    assert product.reference in shown
    assert wine.reference in shown
    assert shoes.reference not in shown
    assert elsewhere.reference not in shown
    assert "A secret wine" not in shown


def test_a_rate_is_changed_by_a_form(draft: PackDraft, customs_officer: User) -> None:
    client = as_person(customs_officer)
    line = line_of(draft.files, type="customs_duty", hs_prefix="2204")
    found = client.get(address(draft, "pack_rates"), {"q": "2204 21"}).content.decode()
    assert address(draft, "pack_rate", line) in found
    sent = {
        "seen": draft.sha256,
        "act": "change",
        "on": "2027-04-01",
        "expression": "5 %",
        "source": "https://customs.gov.sg/x",
        "source_date": "2026-11-20",
        "is_verified": "on",
    }
    assert client.post(address(draft, "pack_rate", line), sent).status_code == 302
    files = PackDraft.objects.get().files
    assert line_of(files, hs_prefix="2204", expression="5 %", valid_from="2027-04-01", verified="true")
    assert line_of(files, hs_prefix="2204", expression="free", valid_to="2027-04-01")


def test_what_was_typed_stays_when_a_row_is_refused(draft: PackDraft, customs_officer: User) -> None:
    line = line_of(draft.files, type="customs_duty", hs_prefix="2204")
    sent = {"seen": draft.sha256, "act": "change", "on": "", "expression": "5 ABC / kg", "source": ""}
    answer = as_person(customs_officer).post(address(draft, "pack_rate", line), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "3 things to put right" in text
    assert "no currency ABC at character 3" in text
    assert 'value="5 ABC / kg"' in text
    late = {**sent, "on": "2001-01-01", "expression": "5%", "source": "x"}
    refused = as_person(customs_officer).post(address(draft, "pack_rate", line), late)
    assert refused.status_code == 409
    assert "The row begins on 2007-07-01 only." in refused.content.decode()


def test_a_row_is_added_and_taken_out_again(draft: PackDraft, customs_officer: User) -> None:
    client = as_person(customs_officer)
    sent = {
        "seen": draft.sha256,
        "type": "customs_duty",
        "hs_prefix": "6404 11",
        "origin": "cn, vn",
        "expression": "3%",
        "rule": "SG-09",
        "valid_from": "2027-01-01",
        "source": "Act 1",
    }
    assert client.post(address(draft, "pack_rate_add"), sent).status_code == 302
    files = PackDraft.objects.get().files
    line = line_of(files, hs_prefix="640411", origin="CN|VN")
    form = client.get(address(draft, "pack_rate", line)).content.decode()
    assert "Take this new row out again" in form
    taken = {"seen": PackDraft.objects.get().sha256, "act": "take_out"}
    assert client.post(address(draft, "pack_rate", line), taken).status_code == 302
    assert PackDraft.objects.get().files["rates.csv"] == draft.files["rates.csv"]


def test_a_parameter_is_changed_by_a_form(draft: PackDraft, customs_officer: User) -> None:
    client = as_person(customs_officer)
    line = parameter_line(draft.files, "low_value_limit")
    assert "low_value_limit" in client.get(address(draft, "pack_parameters")).content.decode()
    sent = {"seen": draft.sha256, "act": "change", "on": "2027-01-01", "value": "500", "source": "Act 2"}
    assert client.post(address(draft, "pack_parameter", line), sent).status_code == 302
    same = limit_change(draft.files).applied(draft.files, base=draft.files)
    text = PackDraft.objects.get().files["pack.toml"]
    assert 'value = "500"\nvalid_from = 2027-01-01\n' in text
    assert text.count("[[parameter]]") == same["pack.toml"].count("[[parameter]]")
    wrong = client.post(address(draft, "pack_parameter", line), {**sent, "value": "five"})
    assert wrong.status_code == 422
    assert 'value="five"' in wrong.content.decode()


def test_a_value_is_added_for_days_that_have_none(draft: PackDraft, customs_officer: User) -> None:
    client = as_person(customs_officer)
    sent = {
        "seen": draft.sha256,
        "name": "new_limit",
        "value": "1000",
        "rule": "SG-01",
        "valid_from": "2027-01-01",
        "source": "Act 3",
    }
    assert client.post(address(draft, "pack_parameter_add"), sent).status_code == 302
    assert parameter_line(PackDraft.objects.get().files, "new_limit")


def test_a_file_is_written_and_put_back(draft: PackDraft, customs_officer: User) -> None:
    client = as_person(customs_officer)
    url = address(draft, "pack_file", "pack.toml")
    text = draft.files["pack.toml"].replace("[rounding]", "[rounding")
    broken = client.post(url, {"seen": draft.sha256, "text": text, "act": "save"}, follow=True)
    assert "Something is wrong with the draft now" in broken.content.decode()
    assert "Expected" in client.get(url).content.decode()
    restored = {"seen": PackDraft.objects.get().sha256, "text": text, "act": "restore"}
    assert client.post(url, restored).status_code == 302
    assert PackDraft.objects.get().files["pack.toml"] == draft.files["pack.toml"]
    assert client.get(address(draft, "pack_file", "README.md")).status_code == 404


def test_of_a_file_changed_elsewhere_nothing_is_overwritten(draft: PackDraft, customs_officer: User) -> None:
    url = address(draft, "pack_file", "pack.toml")
    answer = as_person(customs_officer).post(url, {"seen": "0" * 64, "text": "mine = 1", "act": "save"})
    assert answer.status_code == 409
    assert "mine = 1" in answer.content.decode()
    assert PackDraft.objects.get().files == draft.files


def test_a_colleague_reads_and_does_not_write(draft: PackDraft, tax_officer: User) -> None:
    client = as_person(tax_officer)
    url = address(draft, "pack_file", "pack.toml")
    assert "You cannot change this draft" in client.get(url).content.decode()
    answer = client.post(url, {"seen": draft.sha256, "text": "x", "act": "save"})
    assert answer.status_code == 409
    assert "writes this draft" in answer.content.decode()


def test_two_officers_make_law(draft: PackDraft, customs_officer: User, tax_officer: User) -> None:
    author, second = as_person(customs_officer), as_person(tax_officer)
    seen = {"seen": draft.sha256}
    assert author.post(address(draft, "pack_propose"), seen).status_code == 302
    assert "A second person is needed" in page(customs_officer, draft, "changes")
    own = author.post(address(draft, "pack_publish"), seen)
    assert own.status_code == 409
    assert "published by a second person" in own.content.decode()
    assert "Publish as law" in page(tax_officer, draft, "changes")
    done = second.post(address(draft, "pack_publish"), seen, follow=True).content.decode()
    assert f"is law: version {VERSION}-1" in done
    assert RegulationPack.objects.current().get(jurisdiction="SG").version == f"{VERSION}-1"
    late = second.post(address(draft, "pack_withdraw"), {"note": "Oh."})
    assert late.status_code == 409
    assert "the draft is now" in late.content.decode()
    history = page(tax_officer, draft, "history")
    assert "Published as law" in history
    assert "9% → 10%" in history
    assert "by Anna de Wit" in second.get("/officer/packs/").content.decode()


def test_a_draft_is_sent_back_with_a_reason(
    draft: PackDraft, customs_officer: User, tax_officer: User
) -> None:
    propose(draft, seen=draft.sha256, by=customs_officer, at=NOW)
    client = as_person(tax_officer)
    silent = client.post(address(draft, "pack_send_back"), {"note": ""})
    assert silent.status_code == 422
    assert "Write why, in a sentence." in silent.content.decode()
    assert client.post(address(draft, "pack_send_back"), {"note": "The limit?"}).status_code == 302
    assert PackDraft.objects.get().status == DraftStatus.DRAFT
    assert "The limit?" in page(customs_officer, draft, "history")
    assert client.post(address(draft, "pack_withdraw"), {"note": "Next year."}).status_code == 302
    assert PackDraft.objects.get().status == DraftStatus.WITHDRAWN


def test_pages_cost_the_same_however_many_are_touched(
    draft: PackDraft, customs_officer: User, seller: User, django_assert_max_num_queries: Budget
) -> None:
    for _number in range(12):
        builders.draft(seller, jurisdiction="SG")
    client = as_person(customs_officer)
    with django_assert_max_num_queries(11 + WHO_ASKS):
        client.get("/officer/packs/")
    for tab in TABS:
        with django_assert_max_num_queries(20 + WHO_ASKS):
            client.get(address(draft), {"tab": tab})
