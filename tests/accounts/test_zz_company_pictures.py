from pathlib import Path
import io, pikepdf
import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from django.test import Client
from tests import builders
from tests.browser.visitor import Visitor
from tests.browser.chromium import portal
from swindow.accounts.lifecycle import *
from swindow.accounts.lifecycle import Change, Papers, Secrets, RegistryAnswer
from swindow.accounts.models import Organisation, Verification
from swindow.documents.uploads import store_upload
from tests.accounts.companies import filled, picture

def cookie(person):
    client = Client(); client.force_login(person)
    return client.cookies["session"].value

def pdf(owner, name):
    data = io.BytesIO(); d = pikepdf.new(); d.add_blank_page(); d.save(data); data.seek(0)
    return store_upload(data, owner_id=owner.pk, name=name, at=timezone.now())

def make(person, number, name, **kw):
    c = Organisation(kind="seller", name=name, registration_number=number, country="SG", address="1 Harbour Road, Singapore 098633", contact_name="Aiko Tan", contact_phone="+65 6555 0100")
    register_organisation(c, by=person, at=timezone.now(), secrets=Secrets("NL91ABNA0417164300", "S1234567D"))
    return submit_verification(c, identity_document=pdf(c, "passport.pdf"), licence=pdf(c, "extract.pdf"), by=person, at=timezone.now())

@pytest.mark.timeout(500)
def test_pictures(own_database, browser: Browser):
    out = Path("/tmp/company_pics"); out.mkdir(exist_ok=True)
    new, asked_p, ver = builders.user("Newcomer"), builders.user("Aiko Tan"), builders.user("Chen Yu")
    officer = builders.officer("customs")
    now = timezone.now()
    a = make(asked_p, "201962819E", "Kestrel Homes Pte Ltd")
    hear_registry(a, answer=RegistryAnswer("name_differs", "Kestrel Home Goods Pte Ltd"), at=now)
    w = make(builders.user("Lee"), "201949746N", "Tidewater Parcels Pte Ltd")
    hear_registry(w, answer=RegistryAnswer("struck_off", "Tidewater Parcels Pte Ltd"), at=now)
    v = make(ver, "00192200M", "Meridian Toys Ltd")
    hear_registry(v, answer=RegistryAnswer("found", "Meridian Toys Ltd"), at=now)
    decide_verification(v, is_accepted=True, reason="", by=officer, at=now)
    change_customs_codes(v.organisation, codes={"ioss": "IM5280001234", "eori": "NL004495445"}, by=ver, at=now)
    said = []
    def visit(address, person, pages, posts=()):
        z = Visitor(browser, address=address, pictures=out)
        z._context.add_cookies([{"name": "session", "value": cookie(person), "url": address}])
        for name, path in pages:
            z.go(path); z.look(name)
            if name in ("register","case","asked"): z.look_in_chinese(name)
        for f in posts: f(z)
        said.extend(z.complaints); z.close()
    def bad(z):
        z.go("/organisation/")
        z.page.fill("[name=name]", "Meridian Toys Limited"); z.page.select_option("[name=country]", "SG")
        z.page.fill("[name=registration_number]", "201907511G"); z.page.fill("[name=bank_account]", "NL91ABNA0417164301")
        z.page.get_by_role("button", name="Send for verification").click(); z.look("register-errors")
    with portal() as address:
        visit(address, new, [("register", "/organisation/")], [bad])
        visit(address, officer, [("list", "/verifications/"), ("case", f"/verifications/{a.reference}/"), ("verified-case", f"/verifications/{v.reference}/"), ("refuse", f"/verifications/{w.reference}/?act=refuse")])
        visit(address, ver, [("verified", "/organisation/"), ("change", "/organisation/company/"), ("numbers", "/organisation/numbers/"), ("account", "/organisation/account/"), ("contacts", "/organisation/contacts/")])
        ask_company(a, text="The register knows you as Kestrel Home Goods Pte Ltd. Which name is right?", by=officer, at=now)
        visit(address, asked_p, [("asked", "/organisation/")])
        c = propose_change(v.organisation, change=Change({"name": "Meridian Games Ltd", "address": "2 Quay Street"}, Secrets("DE89370400440532013000")), papers=Papers(v.identity_document, v.licence), by=ver, at=now)
        visit(address, officer, [("change-case", f"/verifications/{c.reference}/")])
        visit(address, ver, [("changing", "/organisation/")])
    print("\n".join(said)); Path("/tmp/company_pics/said.txt").write_text("\n".join(said))
