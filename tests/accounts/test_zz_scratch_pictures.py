"""Scratch: pictures of the people pages."""
import re
from pathlib import Path
import pytest
from playwright.sync_api import Browser
from datetime import timedelta
from django.utils import timezone
from django.test import Client
from tests import builders
from tests.browser.visitor import Visitor
from swindow.accounts.lifecycle import invite, change_role, propose_officer
from swindow.accounts.models import Membership, User
from swindow.accounts.invitations import address_of


def cookie(person):
    client = Client(); client.force_login(person)
    return client.cookies["session"].value

@pytest.mark.django_db(transaction=False)
def test_pictures(own_database, live_server, browser: Browser):
    out = Path("/tmp/b1_pics"); out.mkdir(exist_ok=True)
    boss = builders.seller()
    company = builders.company_of(boss)
    a = builders.member(company, role="declarant", name="Chen Yu")
    b = builders.user("Aiko Tan", has_factor=False)
    Membership.objects.create(user=b, organisation=company, role="finance")
    change_role(company, member=a, role="preparer", by=boss, at=timezone.now())
    i = invite(company, email="jan.de.vries.the.third@brightway-trading.example", role="viewer", by=boss, at=timezone.now())
    j = invite(company, email="old@example.com", role="owner", by=boss, at=timezone.now() - timedelta(days=6, hours=23, minutes=59))
    type(j).objects.filter(pk=j.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    admin1 = builders.with_app(User.objects.create_superuser("root1@example.com", builders.PASSWORD, name="Rosa One"))
    admin2 = builders.with_app(User.objects.create_superuser("root2@example.com", builders.PASSWORD, name="Rudi Two"))
    officer = builders.officer("customs")
    propose_officer(builders.user("Boris Ivanov"), authority=builders.company_of(officer), until=timezone.now().date() + timedelta(days=90), by=admin2, at=timezone.now())
    propose_officer(builders.user("Cleo Park"), authority=None, until=timezone.now().date() + timedelta(days=90), by=admin1, at=timezone.now())
    guest = User.objects.create_user(i.email, builders.PASSWORD, name="Jan")
    said = []
    def visit(person, pages):
        v = Visitor(browser, address=live_server.url, pictures=out)
        v._context.add_cookies([{"name": "session", "value": cookie(person), "url": live_server.url}])
        for name, path in pages:
            v.go(path)
            v.look(name)
            v.look_in_chinese(name)
        said.extend(v.complaints)
        v.close()
    visit(boss, [("people", "/organisation/people/"), ("history", "/organisation/history/"), ("organisation", "/organisation/")])
    visit(b, [("people-finance", "/organisation/people/")])
    visit(admin1, [("officers", "/officers/")])
    visit(guest, [("join", re.sub(r"^https?://[^/]+", "", address_of(i)))])
    print("\n".join(said))
