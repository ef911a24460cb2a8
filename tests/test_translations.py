"""The portal in Simplified Chinese: every sentence is translated, and no page falls back to English."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings as portal_settings
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation.template import templatize
from pytest_django.fixtures import Settings

from declarations import labels, lifecycle, mails
from declarations.demo import people
from declarations.documents import papers_for
from declarations.lifecycle import Lifting, Question
from declarations.models import Declaration, Hold, InformationRequest, SupportingDocument
from inspection import reference
from inspection.lifecycle import open_reviews
from inspection.models import Authority, Review, RiskProfile
from inspection.simulator import work
from swindow.accounts.models import Organisation, User
from tests import builders
from tests.builders import NOW

ROOT = Path(__file__).resolve().parent.parent
APPS = ("swindow", "declarations", "tariffs", "logistics", "inspection")
PO = ROOT / "swindow" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
CHINESE = "zh-hans"
Key = tuple[str, str]

_CALLS = re.compile(r"""\b(_|n?p?gettext)\(((?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:,\ ?)?)+)""")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w+\}|</?\w+>|`\w+`")
# Two words of Latin letters side by side; codes, numbers and single names are no sentence.
_ENGLISH = re.compile(r"[A-Za-z][a-z']+(?:[ ,]+[A-Za-z][a-z']+)+")


def read_catalog() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The translations compiled from the .po as it is now, whatever lies beside it."""
    folder = tmp_path_factory.mktemp("locale")
    target = folder / PO.relative_to(ROOT / "swindow" / "locale").with_suffix(".mo")
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, read_catalog())
    return folder


@pytest.fixture
def chinese(compiled: Path, settings: Settings) -> None:
    """Pages speak Chinese to whoever asks for it."""
    settings.LOCALE_PATHS = [compiled]


# --- The catalogue -----------------------------------------------------------------------------


def test_every_sentence_is_translated() -> None:
    messages = [message for message in read_catalog() if message.id]
    assert len(messages) > 1000
    assert [message.id for message in messages if not "".join(message.string)] == []
    assert [message.id for message in messages if message.fuzzy] == []


def test_translations_keep_what_is_filled_in() -> None:
    wrong = [
        message.id
        for message in read_catalog()
        if message.id
        and sorted(_PLACEHOLDER.findall(_last(message.id)))
        != sorted(_PLACEHOLDER.findall(_last(message.string)))
    ]
    assert wrong == []


def test_the_catalogue_is_current() -> None:
    """`make messages` was run after the last change of a sentence."""
    known = {(message.context or "", _first(message.id)) for message in read_catalog() if message.id}
    used = {*_of_python(), *_of_templates()}
    assert sorted(used - known) == [], "run make messages and translate these"
    assert sorted(known - used) == [], "run make messages: nobody says these any more"


def test_what_tables_say_is_in_the_catalogue() -> None:
    profiles = {row["sentence"] for row in reference._rows("risk_profiles.csv")}
    assert profiles == set(reference.SENTENCES)
    roles = set(re.findall(r'^role = "(.+)"$', (people.FOLDER / "people.toml").read_text(), re.MULTILINE))
    assert roles == set(people.ROLES)


def _last(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[-1]


def _first(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _of_python() -> Iterator[Key]:
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            if "migrations" not in file.parts and file.stem != "styleguide":
                for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                    yield from _of_call(node)


def _of_call(node: ast.AST) -> Iterator[Key]:
    if not isinstance(node, ast.Call):
        return
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    texts = [
        each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    if texts and (name == "_" or re.fullmatch(r"n?p?gettext(_lazy|_noop)?", name)):
        yield (texts[0], texts[1]) if name.lstrip("n").startswith("p") else ("", texts[0])


def _of_templates() -> Iterator[Key]:
    for file in (ROOT / "templates").rglob("*.*"):
        if "styleguide" in file.parts:
            continue
        for name, arguments in _CALLS.findall(templatize(file.read_text(encoding="utf-8"))):
            texts = ast.literal_eval(f"({arguments},)".replace(",,", ",").replace(", ,", ","))
            yield (texts[0], texts[1]) if name.lstrip("n").startswith("p") else ("", texts[0])


# --- The pages -----------------------------------------------------------------------------------


class _Words(HTMLParser):
    """Collects what a person sees or hears of a page, except what is in a language of its own."""

    SPOKEN = (
        "aria-label",
        "alt",
        "placeholder",
        "title",
        "data-confirm",
        "data-copied",
        "data-now",
    )
    SILENT = ("script", "style", "kbd", "bdi", "time")
    VOID = ("meta", "link", "input", "img", "br", "hr", "source", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_foreign = tag in self.SILENT or (tag != "html" and given.get("lang") == "en")
        if not self._silent and not is_foreign and given.get("name") != "viewport":
            self.found += [value for name in self.SPOKEN if (value := given.get(name))]
        if (self._silent or is_foreign) and tag not in self.VOID:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def english_in(html: str, *, except_for: tuple[str, ...] = ()) -> list[str]:
    """Return the English words of a page that are not names or data."""
    parser = _Words()
    parser.feed(html)
    text = "\n".join(" ".join(part.split()) for part in parser.found)
    for data in sorted(except_for, key=len, reverse=True):
        text = text.replace(data, "")
    return [match for match in _ENGLISH.findall(text) if match]


def reader(person: User | None = None) -> Client:
    client = Client(headers={"accept-language": "zh-CN,zh;q=0.9"})
    if person:
        client.force_login(person)
    return client


def data_of(*declarations: Declaration) -> tuple[str, ...]:
    """Return what people typed: it stays as it is in every language."""
    names = [str(person) for person in User.objects.all()]
    names += [
        text for row in Organisation.objects.values_list("name", "address", "contact_name") for text in row
    ]
    for declaration in declarations:
        names += [declaration.consignee_name, declaration.consignee_address]
        names += [declaration.consignor_name, declaration.consignor_address]
        names += [item.description for item in declaration.goods_items.all()]
    return tuple(names)


def assert_chinese(client: Client, address: str, *data: Declaration) -> None:
    response = client.get(address)
    assert response.status_code == 200, address
    html = response.content.decode()
    assert '<html lang="zh-hans"' in html, address
    assert english_in(html, except_for=data_of(*data)) == [], address


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["home", "account_login", "account_signup", "account_reset_password", "documents:verify"],
)
def test_a_stranger_reads_chinese(chinese: None, name: str) -> None:
    assert_chinese(reader(), reverse(name))


@pytest.mark.parametrize(
    "name",
    [
        "declarations:overview", "declarations:list", "declarations:new", "declarations:products",
        "declarations:product_new", "accounts:organisation", "account_email", "account_change_password",
    ],
)  # fmt: skip
def test_a_seller_reads_chinese(chinese: None, seller: User, name: str) -> None:
    assert_chinese(reader(seller), reverse(name), builders.draft(seller))


@pytest.mark.parametrize(
    "name",
    [
        "detail", "parties", "transport", "goods", "line_new", "documents", "inspection", "tax", "check",
    ],
)  # fmt: skip
def test_a_draft_is_filled_in_in_chinese(chinese: None, seller: User, name: str) -> None:
    for jurisdiction in ("NL", "CN"):
        draft = builders.draft(
            seller, jurisdiction=jurisdiction, goods=[builders.goods_item(1, code="190110")]
        )
        assert_chinese(reader(seller), reverse(f"declarations:{name}", args=[draft.reference]), draft)
    empty = builders.draft(seller, goods=[], consignee_name="", currency="", payment_method="")
    assert_chinese(reader(seller), reverse(f"declarations:{name}", args=[empty.reference]), empty)


def test_a_wrong_form_is_explained_in_chinese(chinese: None, seller: User) -> None:
    draft = builders.draft(seller)
    for name in ("parties", "transport", "tax", "line_new", "documents"):
        address = reverse(f"declarations:{name}", args=[draft.reference])
        answer = reader(seller).post(address, {"order_number": "", "net_mass_kg": "x", "arrival_on": "y"})
        assert english_in(answer.content.decode(), except_for=data_of(draft)) == [], name


@pytest.fixture
def examined(chinese: None, seller: User, reference_data: None) -> Declaration:
    """A declaration with a paper that disagrees, opened for every authority."""
    for number, sentence in enumerate(reference.SENTENCES):
        RiskProfile.objects.create(rule=f"R-90{number}", sentence=sentence, points=1)
    draft = builders.draft(seller)
    SupportingDocument.objects.filter(declaration=draft).update(stated_amount="51.00")
    assert not lifecycle.lodge([draft.pk], by=seller, at=NOW)
    open_reviews([draft.pk], at=NOW)
    draft.refresh_from_db()
    return draft


@pytest.mark.parametrize("tab", ["compare", "goods", "parties", "transport", "messages", "history"])
def test_an_officer_reads_chinese(examined: Declaration, customs_officer: User, tab: str) -> None:
    client = reader(customs_officer)
    assert_chinese(client, reverse("inspection:queue"), examined)
    assert_chinese(client, reverse("accounts:verifications"))
    address = reverse("inspection:review", args=["customs", examined.reference])
    assert_chinese(client, f"{address}?tab={tab}", examined)


def test_an_examined_declaration_is_followed_in_chinese(examined: Declaration, seller: User) -> None:
    address = reverse("declarations:detail", args=[examined.reference])
    assert_chinese(reader(seller), address, examined)
    lifecycle.ask([Question(examined.pk, "customs", "Q12", "请说明差异。")], by="agency:customs", at=NOW)
    assert_chinese(reader(seller), address, examined)


def test_every_kind_of_event_and_hold_has_its_words(chinese: None) -> None:
    with translation.override(CHINESE):
        kinds = [*Hold.Kind.values, "another"]
        said = [labels.hold_name(kind) for kind in kinds[:-1]]
        said += [labels.waiting_for("customs", kind).title for kind in kinds]
        said += [labels.authority_name(code) for code in Authority.values]
        said += [told.title for kind in labels._TELLERS if (told := labels.told(kind, {}))]
    assert [text for text in said if re.search("[A-Za-z]{2}", text)] == []


# --- The language of a person ---------------------------------------------------------------------


def test_the_language_menu_is_remembered_for_mails_and_papers(chinese: None, seller: User) -> None:
    client = Client()
    client.force_login(seller)
    client.post(reverse("set_language"), {"language": CHINESE, "next": "/"})
    seller.refresh_from_db()
    assert seller.preferred_language == CHINESE
    assert '<html lang="zh-hans"' in client.get(reverse("declarations:overview")).content.decode()


@pytest.mark.parametrize("language", ["fr", "", "zh-hans\0", "x" * 50])
def test_a_language_that_the_portal_does_not_speak_changes_nothing(seller: User, language: str) -> None:
    client = reader(seller)
    assert client.post(reverse("set_language"), {"language": language}).status_code == 302
    seller.refresh_from_db()
    assert seller.preferred_language == "en"


@pytest.mark.django_db
def test_sign_up_remembers_the_language_of_its_page(chinese: None) -> None:
    words = {"email": "wei@example.com", "password1": "a long enough one", "password2": "a long enough one"}
    words["agrees_to_notice"] = "on"
    assert reader().post(reverse("account_signup"), words).status_code == 302
    assert User.objects.get(email="wei@example.com").preferred_language == CHINESE
    [letter] = mail.outbox
    assert english_in(f"{letter.subject}\n{letter.body}", except_for=("example.com",)) == []


def test_mails_are_in_the_readers_language(examined: Declaration, seller: User) -> None:
    User.objects.filter(pk=seller.pk).update(preferred_language=CHINESE)
    declaration = Declaration.objects.get(pk=examined.pk)
    for tell in (mails.tell_of_question, mails.tell_of_refusal, mails.tell_of_release):
        tell(declaration, {})
    data = data_of(declaration)
    for letter in mail.outbox:
        html = str(letter.alternatives[0][0])  # type: ignore[attr-defined]
        for text in (str(letter.subject), str(letter.body), html):
            assert english_in(text, except_for=data) == [], letter.subject


def test_papers_are_in_the_declarants_language(examined: Declaration, seller: User) -> None:
    User.objects.filter(pk=seller.pk).update(preferred_language=CHINESE)
    holds = Hold.objects.filter(declaration=examined)
    lifecycle.lift_holds(
        [Lifting(examined.pk, hold.authority, hold.kind) for hold in holds], by="agency", at=NOW
    )
    requests = [request for _key, _kind, request in papers_for([examined.pk])]
    assert [request.title for request in requests] == ["放行通知书", "税单"]
    for name, request in zip(("permission", "tax_bill"), requests, strict=True):
        with translation.override(request.language):
            html = render_to_string(
                f"declarations/documents/{name}.html",
                {"paper": request.snapshot, "document": {"title": request.title, "dated_at": NOW}},
            )
        assert english_in(html, except_for=data_of(examined)) == []


def test_a_simulated_agency_asks_in_the_sellers_language(examined: Declaration, seller: User) -> None:
    User.objects.filter(pk=seller.pk).update(preferred_language=CHINESE)
    Review.objects.filter(authority="customs").update(lane="green")
    work(Authority.CUSTOMS, [examined.pk], at=NOW + timedelta(minutes=5))
    question = InformationRequest.objects.get(declaration=examined).question
    assert english_in(question) == []
    assert "请说明差异原因" in question


def test_english_is_untouched(chinese: None) -> None:
    with translation.override("en"):
        assert gettext("Draft") == "Draft"
    assert portal_settings.LANGUAGE_CODE == "en"
