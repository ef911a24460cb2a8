"""The look: every icon is there, nothing inline, amounts and times read well, problems are all named."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from swindow import components, styleguide
from swindow.accounts.models import User
from swindow.context_processors import OFFICER, STAFF, TRADER
from swindow.problems import Problem
from swindow.templatetags import sw

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if not {"email", "documents"} & set(path.parts)]
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """Name static files as they are: nothing was collected here."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def shown(template: str, **context: object) -> str:
    return Template("{% load sw %}" + template).render(Context(context))


def test_every_icon_named_in_a_template_is_vendored() -> None:
    named = {
        name
        for path in TEMPLATES
        for tag in re.findall(r"{%\s*(?:icon|chip)\b[^%]*%}|icon_name=\S+", path.read_text())
        for name in re.findall(r'{%\s*icon\s+"([^"]+)"|icon_name="([^"]+)"', tag)
        for name in name
        if name
    }
    named |= {icon for _kind, icon in sw._STATUSES.values()}
    named |= {item.icon for item in (*TRADER, *OFFICER, *STAFF)}
    assert named - set(sw._icons()) == set()


def test_the_icon_list_and_the_vendored_icons_agree() -> None:
    listed = (settings.BASE_DIR / "static/vendor/icons.txt").read_text().split()
    assert sorted(listed) == sorted(sw._icons())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_page_holds_what_the_content_policy_refuses(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert 'nonce="{{ csp_nonce }}"' in script


def test_an_unknown_icon_says_how_to_add_it() -> None:
    with pytest.raises(LookupError, match=r"icons\.txt"):
        sw.icon("no-such-icon")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(8, "8 min"), (72, "1 h 12 min"), (240, "4 h"), (1860, "1 day 7 h"), (2880, "2 days"), (0, "0 min")],
)
def test_a_span_is_written_in_its_two_largest_units(minutes: int, words: str) -> None:
    assert sw.duration(timedelta(minutes=minutes)) == words


def test_a_deadline_warns_in_its_last_hours_and_then_says_that_it_is_late() -> None:
    assert "is-soon" in sw.time_left(NOW + timedelta(hours=2), NOW)
    late = sw.time_left(NOW - timedelta(minutes=5), NOW)
    assert "is-late" in late
    assert "5 min late" in late


def test_amounts_have_the_places_of_their_currency() -> None:
    assert sw.money(Decimal("4480.4"), "EUR") == "€4,480.40"
    assert sw.amount(Decimal("4480.4"), "JPY") == "4,480"
    assert sw.amount(Decimal("4480.4"), "CNY") == "4,480.40"
    assert sw.amount(None, "CNY") == ""
    with translation.override("zh-hans"):
        assert sw.money(Decimal("12.3"), "CNY") == "¥12.30"


def test_a_commodity_code_is_written_in_groups() -> None:
    assert sw.code_groups("3304990000") == "3304 99 00 00"
    assert sw.code_groups("1901.10") == "1901 10"


def test_a_country_without_a_flag_keeps_its_name() -> None:
    assert "China" in sw.country("CN")
    assert "<img" in sw.country("CN")
    assert sw.flag("ZZ") == ""


def test_text_from_people_is_escaped() -> None:
    assert "<script" not in shown("{% chip word %}{% status 'draft' word %}", word="<script>")
    panel = shown("{% panel word %}{{ word }}{% endpanel %}", word="<script>")
    assert "<script" not in panel


class MassForm(forms.Form):
    net_mass = forms.DecimalField(label="Net mass")
    origin = forms.CharField(label="Origin")

    def clean_net_mass(self) -> Decimal:
        raise forms.ValidationError("Net mass is above the gross mass.", code="CN-12")


@pytest.mark.django_db
def test_the_error_summary_names_every_problem_at_once_and_leads_to_its_field() -> None:
    form = MassForm({"net_mass": "2"})
    found = [
        Problem("goods_items.0.origin", "EU-04", "Origin is missing.", "Choose a country."),
        Problem("files.1", "x", "No invoice."),
    ]
    page = shown("{% error_summary form problems %}", form=form, problems=found)
    assert "4 things to put right" in page
    assert 'href="#id_net_mass">Net mass: Net mass is above the gross mass.</a>' in page
    assert "rule CN-12" in page
    assert page.count('href="#id_origin"') == 2
    assert 'href="#files-1">No invoice.</a>' in page


def test_no_problem_shows_no_summary() -> None:
    assert shown("{% error_summary problems %}", problems=[]).strip() == ""


@pytest.mark.django_db
def test_a_field_shows_its_error_with_the_rule_and_is_tied_to_it() -> None:
    page = shown("{% field form.net_mass suffix='kg' %}", form=MassForm({"net_mass": "2"}))
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_net_mass_error"' in page
    assert 'id="id_net_mass_error"' in page
    assert "rule CN-12" in page


def test_the_progress_has_a_segment_a_task_and_counts_what_is_not_needed_as_done() -> None:
    tasks = [components.Task(state, "x") for state in ("warn", "ok", "na", "todo")]
    task_list = components.TaskList([components.TaskGroup("x", tasks)])
    assert task_list.done == 2
    assert task_list.progress == ["done", "done", "warn", ""]


def test_the_bar_of_the_tax_panel_stays_inside_its_width() -> None:
    panel = styleguide._trader()["tax"]
    assert isinstance(panel, components.TaxPanel)
    assert max(bar.x + bar.width for bar in panel.bars) <= 1000
    assert [bar.x for bar in panel.bars] == sorted(bar.x for bar in panel.bars)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_start_page_is_there_for_strangers(client: Client, language: str, db: None) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get("/")
    html = page.content.decode()
    assert page.status_code == 200
    assert f'lang="{language}"' in html
    nonce = re.search(r"'nonce-([^']+)'", page.headers["Content-Security-Policy"])
    assert nonce
    assert all(nonce[1] in script for script in re.findall(r"<script[^>]*>", html))


def test_the_theme_is_drawn_by_the_server(client: Client, db: None) -> None:
    client.cookies["sw_theme"] = "dark"
    assert 'data-bs-theme="dark"' in client.get("/").content.decode()
    client.cookies["sw_theme"] = '"><script>'
    assert 'data-bs-theme="light" data-theme-choice="system"' in client.get("/").content.decode()


def test_an_unknown_page_is_said_in_plain_words(client: Client, seller: User) -> None:
    client.force_login(seller)
    page = client.get("/nothing-here")
    assert page.status_code == 404
    assert "There is nothing here for you" in page.content.decode()


def test_the_admin_runs_its_own_scripts_and_nothing_inline(client: Client, db: None) -> None:
    admin = User.objects.create_superuser("admin@portal.example", "a long pass phrase")
    client.force_login(admin)
    policy = client.get("/admin/").headers["Content-Security-Policy"]
    assert "script-src 'nonce-" in policy
    assert "unsafe" not in policy


def test_the_admin_sends_strangers_to_the_sign_in_of_the_portal(client: Client, seller: User) -> None:
    assert "/admin/" in client.get("/admin/", follow=False).headers["Location"]
    client.force_login(seller)
    assert client.get("/admin/login/").status_code == 403


def test_the_npm_lock_names_no_registry() -> None:
    lock = json.loads((settings.BASE_DIR / "static/vendor/package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
