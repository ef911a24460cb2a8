"""Every page, the admin's included, works in Chromium under the strict policy, without one refusal."""

import io
import re
from dataclasses import dataclass

import pikepdf
import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from declarations import lifecycle
from declarations.models import SupportingDocument
from inspection.lifecycle import open_reviews
from inspection.models import RiskProfile
from swindow.accounts.lifecycle import register_organisation, submit_verification
from swindow.accounts.models import Organisation, User
from swindow.documents.models import StoredFile
from swindow.documents.uploads import store_upload
from tests import builders
from tests.browser.chromium import Visits, context_for, portal, session_of

pytestmark = [
    pytest.mark.usefixtures("own_database"),
    pytest.mark.timeout(300),
]
PUBLIC = (
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/verify/",
    "/calculator/",
    "/tariff/",
    "/tariff/?q=shoes",
    "/tariff/610910/?country=US",
    "/rules/",
    "/exchange-rates/",
    "/styleguide/",
    "/styleguide/officer/",
    "/nothing/here/",
)
TABS = ("compare", "goods", "parties", "transport", "messages", "history")


@dataclass(frozen=True)
class World:
    """Who looks at what: name -> person, and the pages of each."""

    people: dict[str, User | None]
    pages: dict[str, list[str]]


def test_no_page_is_refused_anything_by_the_browser(browser: Browser) -> None:
    world, visits = make_world(), Visits()
    sessions = {name: session_of(person) for name, person in world.people.items()}
    with portal() as address:
        for name, session in sessions.items():
            context = context_for(browser, address=address, session=session, visits=visits)
            page = context.new_page()
            for path in world.pages[name]:
                answer = page.goto(address + path, wait_until="load")
                assert answer is not None
                expected = 404 if path.startswith("/nothing") else 200
                assert answer.status == expected, f"{name} {path}: {answer.status}"
                assert page.url.endswith(path), f"{name} was sent from {path} to {page.url}"
            context.close()
    assert visits.complaints == []


def make_world() -> World:
    """Make a declaration with a real paper, an open question of identity, and everybody who looks."""
    builders.reference_data()
    RiskProfile.objects.create(rule="R-031", sentence="A paper states another total", points=40)
    seller, officer = builders.seller(), builders.officer("customs")
    draft, lodged = builders.draft(seller), builders.draft(seller)
    company = builders.company_of(seller)
    SupportingDocument.objects.create(
        declaration=lodged, kind="packing_list", stated_gross_mass_kg="2.4", file=real_pdf(company)
    )
    lifecycle.lodge_one(lodged, by=seller, at=builders.NOW)
    open_reviews([lodged.pk], at=builders.NOW)
    newcomer, case = a_newcomer()
    administrator = User.objects.create_superuser("admin@example.com", builders.PASSWORD, name="Ada")
    review = f"/officer/customs/{lodged.reference}/"
    return World(
        {
            "stranger": None,
            "seller": seller,
            "newcomer": newcomer,
            "officer": officer,
            "admin": administrator,
        },
        {
            "stranger": list(PUBLIC),
            "newcomer": ["/organisation/"],
            "seller": [*seller_pages(draft.reference), f"/declarations/{lodged.reference}/"],
            "officer": [
                "/officer/",
                *(f"{review}?tab={tab}" for tab in TABS),
                "/verifications/",
                f"/verifications/{case}/",
            ],
            "admin": admin_pages(),
        },
    )


def seller_pages(draft: str) -> list[str]:
    """Return the pages of a seller who has a draft."""
    sections = ("parties", "goods", "documents", "transport", "inspection", "tax", "check")
    start = [
        "/overview/",
        "/declarations/",
        "/declarations/new/",
        "/products/",
        "/products/new/",
        "/organisation/",
    ]
    return [*start, f"/declarations/{draft}/", *(f"/declarations/{draft}/{section}/" for section in sections)]


def admin_pages() -> list[str]:
    """Return every list of the admin and the first row's page of each."""
    pages = ["/admin/"]
    for model in apps.get_models():
        if admin.site.is_registered(model):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            pages.append(reverse(f"{name}_changelist"))
            first = model._default_manager.first()
            pages += [reverse(f"{name}_change", args=[first.pk])] if first else []
    return pages


def a_newcomer() -> tuple[User, str]:
    """Make a person whose company waits for verification; returns the case's reference too."""
    person = builders.user("Aiko Tan")
    company = Organisation(kind="seller", name="Meridian Toys", registration_number="00192200M", country="SG")
    register_organisation(company, by=person, at=builders.NOW)
    file = real_pdf(company)
    case = submit_verification(company, identity_document=file, by=person, at=builders.NOW)
    return person, case.reference


def real_pdf(owner: Organisation) -> StoredFile:
    """Store a small real PDF."""
    data = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(data)
    data.seek(0)
    return store_upload(data, owner_id=owner.pk, name="packing-list.pdf", at=builders.NOW)


def test_the_watch_notices_a_refusal(browser: Browser) -> None:
    visits = Visits()
    with portal() as address:
        page = context_for(browser, address=address, session="", visits=visits).new_page()
        page.goto(f"{address}/accounts/login/")
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        page.wait_for_timeout(200)
    assert len(visits.complaints) == 1


def test_every_script_bears_the_nonce_of_its_page_the_admin_s_too(client: Client) -> None:
    """S19: no page runs a script by where it comes from; Django's own admin templates neither."""
    administrator = User.objects.create_superuser("admin@example.com", builders.PASSWORD, name="Ada")
    client.force_login(administrator)
    for path in (
        "/",
        "/tariff/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{administrator.pk}/change/",
    ):
        answer = client.get(path, follow=True)
        policy = answer.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-([^']+)' 'strict-dynamic'(?:;|$)", policy)
        assert nonce, f"{path}: {policy}"
        scripts = re.findall(r"<script\b[^>]*>", answer.content.decode())
        assert scripts
        assert all(f'nonce="{nonce[1]}"' in script for script in scripts), path
        assert "unsafe" not in policy
