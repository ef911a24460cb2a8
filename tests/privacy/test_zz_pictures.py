import time
from pathlib import Path
from datetime import timedelta
import pytest
from django.utils import timezone
from tests import builders
from tests.accounts.crowd import portal
from tests.authenticator import code
from swindow.vault.looks import note
from swindow.privacy.lifecycle import agree, ask_for_copy
from swindow.privacy.models import DataCopy

def test_pictures(own_database, tmp_path, browser):
    seller = builders.seller()
    company = builders.company_of(seller)
    officer = builders.officer("customs")
    broker = builders.agent_of(seller)
    from allauth.account.models import EmailAddress
    EmailAddress.objects.create(user=seller, email=seller.email, verified=True, primary=True)
    for n in range(30):
        cap = "agency:customs" if n % 3 else f"organisation:{builders.company_of(broker).pk}"
        note(f"organisation:{company.pk}", viewer=officer.pk, capacity=cap, what=("declaration","bank_account","document")[n%3], reference=f"SW-26-{n:07d}K", at=timezone.now()-timedelta(hours=n))
    c = ask_for_copy(seller, at=timezone.now())
    DataCopy.objects.update(status="ready", storage_key="x", sha256="a"*64, size=3, ready_at=timezone.now(), expires_at=timezone.now())
    with portal(own_database, var=tmp_path) as address:
        for name, opts, cookies in (
            ("light", {"viewport": {"width": 1280, "height": 900}}, {}),
            ("dark390", {"viewport": {"width": 390, "height": 844}}, {"sw_theme": "dark"}),
            ("zh", {"viewport": {"width": 1280, "height": 900}}, {"language": "zh-hans"}),
        ):
            ctx = browser.new_context(**opts)
            for k, v in cookies.items():
                ctx.add_cookies([{"name": k, "value": v, "url": address}])
            page = ctx.new_page()
            page.goto(address + "/accounts/signup/"); page.screenshot(path=f"/tmp/priv/{name}-signup.png", full_page=True)
            page.goto(address + "/accounts/login/")
            page.fill("[name=login]", seller.email); page.fill("[name=password]", builders.PASSWORD)
            page.click("main button[type=submit], form button.is-wide")
            page.wait_for_selector("[name=code]")
            for later in (0, 1):
                page.fill("[name=code]", code(later=later)); page.keyboard.press("Enter"); page.wait_for_load_state()
                if "authenticate" not in page.url: break
            for path in ("/overview/", "/privacy/", "/privacy/mine/", "/privacy/looks/"):
                page.goto(address + path)
                page.screenshot(path=f"/tmp/priv/{name}{path.replace('/', '_')}.png", full_page=True)
            ctx.close()
            if name != "zh": time.sleep(31)
