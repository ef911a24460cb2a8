"""Builders: what a test needs, made through the same doors as in the portal."""

import itertools
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.test import Client

from declarations import lifecycle
from declarations.models import Declaration, GoodsItem, SupportingDocument
from inspection.models import Agency, Authority
from logistics.models import Consignment
from swindow.accounts.models import Mandate, Membership, Organisation, User
from swindow.documents.models import StoredFile
from tests import authenticator

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PASSWORD = "a long enough password"
_numbers = itertools.count(1)


def user(name: str = "Lin Wei", *, has_factor: bool = True) -> User:
    """Make a person with an address of their own, and an authenticator app unless told otherwise."""
    address = f"person{next(_numbers)}@example.com"
    person = User.objects.create(email=address, password=_hash(), name=name)
    return with_app(person) if has_factor else person


@cache
def _hash() -> str:
    # A tenth of a second each: thousands of people with one password need one hash.
    return make_password(PASSWORD)


def with_app(person: User) -> User:
    """Give a person an authenticator app with the secret of all tests."""
    TOTP.activate(person, authenticator.SECRET)
    return person


def organisation(
    *, kind: str = "seller", name: str = "Brightway Trading", authority: str = ""
) -> Organisation:
    """Make a verified organisation."""
    number = next(_numbers)
    return Organisation.objects.create(
        reference=f"ORG-26-{number:07d}X",
        kind=kind,
        name=f"{name} {number}",
        registration_number=f"TEST{number:08d}",
        country="SG",
        address="1 Harbour Road, Singapore",
        contact_name="Lin Wei",
        authority=authority,
        deferment_account="DEF-1",
        verified_at=NOW,
    )


def member(of: Organisation, *, role: str = "owner", name: str = "Lin Wei") -> User:
    """Make a person in an organisation."""
    person = user(name)
    Membership.objects.create(user=person, organisation=of, role=role)
    return person


def seller(name: str = "Brightway Trading") -> User:
    """Make a verified seller's owner."""
    return member(organisation(name=name))


def colleague_of(person: User) -> User:
    """Make a second member of somebody's company."""
    return member(company_of(person), role="declarant", name="Chen Yu")


def agent_of(person: User) -> User:
    """Make an agent who holds a mandate of somebody's company."""
    agent = organisation(kind="agent", name="Harbour Brokers")
    mandate(company_of(person), agent)
    return member(agent, name="Mira Vos")


def mandate(seller: Organisation, agent: Organisation, **terms: object) -> Mandate:
    """Make a mandate that its agent accepted, without limits unless they are named."""
    since = NOW - timedelta(days=30)
    defaults = {"valid_from": since, "given_at": since, "accepted_at": since}
    return Mandate.objects.create(
        reference=f"MAN-26-{next(_numbers):07d}X", seller=seller, agent=agent, **(defaults | terms)
    )


def officer(authority: str, *, of: Organisation | None = None) -> User:
    """Make an officer of an authority."""
    return member(
        of or organisation(kind="authority", name=authority, authority=authority),
        role="officer",
        name="Anna de Wit",
    )


def company_of(person: User) -> Organisation:
    """Return the person's organisation."""
    return Organisation.objects.for_actor(person).get()


def stored_file(owner: Organisation) -> StoredFile:
    """Make the row of an uploaded file; the object itself is not needed by the law."""
    digest = f"{next(_numbers):064x}"
    return StoredFile.objects.create(
        owner_id=owner.pk,
        original_name="invoice.pdf",
        content_type="application/pdf",
        size=1000,
        sha256=digest,
        received_sha256=digest,
        storage_key=f"clean/{digest}.pdf",
        state="clean",
        uploaded_at=NOW,
    )


# Of nobody: born in 1901, and without a place in the order of that day.
RESIDENT_NUMBER = "330203190102030005"


def draft(
    person: User, *, jurisdiction: str = "NL", goods: list[GoodsItem] | None = None, **fields: object
) -> Declaration:
    """Make a draft that may be lodged: by default two low-value lines under IOSS to the Netherlands."""
    company = company_of(person)
    defaults = {
        "lrn": f"PO-{next(_numbers)}",
        "consignee_name": "Jan de Vries",
        "consignee_address": "Coolsingel 1, Rotterdam",
        "consignor_name": "Brightway Trading",
        "consignor_address": "1 Harbour Road, Singapore",
        "order_number": "BW-1",
        "ordered_on": NOW.date(),
        "currency": "EUR",
        "registration_scheme": "ioss",
        "registration_number": "IM5280001234",
        "payment_method": "deferment",
    }
    declaration = Declaration(declarant=company, jurisdiction=jurisdiction, **(defaults | fields))
    document = SupportingDocument(kind="invoice", number="INV-1", file=stored_file(company))
    return lifecycle.create_draft(
        declaration,
        consignment=consignment(),
        goods_items=goods if goods is not None else [goods_item(1), goods_item(2, code="640411")],
        documents=[document],
        by=person,
        at=NOW,
        consignee_id=RESIDENT_NUMBER if jurisdiction == "CN" else "",
    )


def consignment(**fields: object) -> Consignment:
    """Make an unsaved consignment by post."""
    defaults: dict[str, object] = {
        "transport_mode": "post",
        "document_kind": "postal_item",
        "document_number": "RB123456785NL",
        "ship_from": "CN",
        "place_of_arrival": "Rotterdam",
        "arrival_on": NOW.date(),
        "package_count": 1,
        "gross_mass_kg": Decimal("2.000"),
    }
    return Consignment(**(defaults | fields))


def goods_item(line_no: int, *, code: str = "610910", price: str = "12.50", **fields: object) -> GoodsItem:
    """Make an unsaved goods item of two pieces."""
    defaults: dict[str, object] = {
        "description": "Knitted cotton T-shirt",
        "commodity_code": code,
        "origin": "CN",
        "quantity": Decimal(2),
        "unit_price": Decimal(price),
        "net_mass_kg": Decimal("0.400"),
        "gross_mass_kg": Decimal("0.500"),
    }
    return GoodsItem(line_no=line_no, **(defaults | fields))


def reference_data() -> None:
    """Make the agencies as they are in a fresh portal; instant, because tests run at pace 0."""
    for authority in Authority.values:
        Agency.objects.create(
            authority=authority, name=authority.title(), shortest_seconds=10, longest_seconds=20
        )


def give_factor(client: Client, person: User) -> None:
    """Let a signed-in browser have used the second factor just now."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
