"""The demo's people and companies, made through the same doors as in the portal; may run again and again."""

import io
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext_noop

from declarations.demo.orders import COMMITTED_PAPERS, FOLDER, Order, read_sample
from declarations.demo.passwords import Login, new_password, read_logins, write_logins, write_private
from declarations.demo.second_steps import app_secret_of
from declarations.lifecycle.products import register_product
from declarations.models import Product
from swindow.accounts.lifecycle import (
    MandateTerms,
    RegistryAnswer,
    Service,
    accept_mandate,
    decide_verification,
    describe_service,
    give_mandate,
    hear_registry,
    register_organisation,
    submit_verification,
)
from swindow.accounts.models import (
    AgentProfile,
    ApiToken,
    Mandate,
    Membership,
    Organisation,
    User,
    Verification,
)
from swindow.documents.uploads import store_upload
from swindow.privacy.lifecycle import agree
from swindow.privacy.notice import CURRENT

_IDENTITY = COMMITTED_PAPERS / "company-extract.pdf"
# The roles of people.toml once more: the sign-in page translates them.
ROLES = (
    gettext_noop("seller"),
    gettext_noop("agent"),
    gettext_noop("customs officer"),
    gettext_noop("quarantine officer"),
    gettext_noop("tax officer"),
    gettext_noop("port officer"),
    gettext_noop("administrator"),
)
_TOKEN_LABEL = "Demo: files the sample"  # noqa: S105  the token's name, not the token
# The first lines only: the sample itself registers the others over the API.
_PRODUCTS_IN_CATALOGUE = 2


def load_demo(folder: Path, *, at: datetime) -> list[Login]:
    """Make what is missing and return every login; passwords and the seller's token are kept in `folder`."""
    text = tomllib.loads((FOLDER / "people.toml").read_text(encoding="utf-8"))
    file = folder / "logins.json"
    known = read_logins(file)
    users, logins = {}, []
    for row in text["person"]:
        login = Login(row["role"], row["email"], known.get(row["email"]) or new_password())
        user = users[row["email"]] = _person(row, login, is_known=row["email"] in known)
        logins.append(replace(login, app_secret=app_secret_of(user)))
    write_logins(file, logins)
    _organisations(text, users, at=at)
    seller = users[logins[0].email]
    _token(seller, file=folder / "seller.token")
    company = Organisation.objects.for_actor(seller).get()
    for order in read_sample().orders:
        _products(company, order, at=at)
    return logins


def _person(row: Mapping[str, str], login: Login, *, is_known: bool) -> User:
    user = User.objects.filter(email=login.email).first()
    is_admin = row["role"] == "administrator"
    if user is None:
        user = User.objects.create_user(
            login.email,
            login.password,
            name=row["name"],
            preferred_language=row["language"],
            is_staff=is_admin,
            is_superuser=is_admin,
        )
    elif not is_known:
        # The file with the passwords was lost, so nobody could sign in any more.
        user.set_password(login.password)
        user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(
        user=user, email=login.email, defaults={"verified": True, "primary": True}
    )
    agree(user, version=CURRENT, language=row["language"], at=timezone.now())
    return user


def _organisations(text: Mapping[str, Any], users: Mapping[str, User], *, at: datetime) -> None:
    members: dict[str, list[tuple[User, str]]] = {}
    for row in text["person"]:
        if "organisation" in row:
            members.setdefault(row["organisation"], []).append((users[row["email"]], row["membership"]))
    facts = {row["key"]: {name: row[name] for name in row if name != "key"} for row in text["organisation"]}
    facts["seller"] = _seller_facts()
    made = {}
    for key, people in members.items():
        authority = key if facts[key]["kind"] == Organisation.Kind.AUTHORITY else ""
        made[key] = _organisation({**facts[key], "authority": authority}, people, at=at)
    officer = members["customs"][0][0]
    for key in ("seller", "agent"):
        _verify(made[key], by=members[key][0][0], officer=officer, at=at)
    _mandate(
        made["seller"], made["agent"], by=members["seller"][0][0], taken_by=members["agent"][0][0], at=at
    )


def _mandate(seller: Organisation, agent: Organisation, *, by: User, taken_by: User, at: datetime) -> None:
    if not Mandate.objects.filter(seller=seller, agent=agent).exists():
        mandate = give_mandate(seller, agent=agent, terms=MandateTerms(), by=by, at=at)
        accept_mandate(mandate, by=taken_by, at=at)
    if not AgentProfile.objects.filter(organisation=agent).exists():
        service = Service(
            countries=("BE", "DE", "NL"),
            goods=(11, 12, 20),
            languages="English, Nederlands, 中文",
            about="We declare parcels and pallets of web shops in Rotterdam, day and night.",
            is_listed=True,
        )
        describe_service(agent, service=service, by=taken_by, at=at)


def _seller_facts() -> dict[str, str]:
    seller = read_sample().seller
    names = [
        "name",
        "registration_number",
        "country",
        "address",
        "contact_name",
        "contact_phone",
        "deferment_account",
    ]
    return {"kind": Organisation.Kind.SELLER, **{name: getattr(seller, name) for name in names}}


def _organisation(facts: Mapping[str, str], people: list[tuple[User, str]], *, at: datetime) -> Organisation:
    key = {"country": facts["country"], "registration_number": facts["registration_number"]}
    found = Organisation.objects.filter(**key).first()
    if found is None:
        found = register_organisation(Organisation(**facts), by=people[0][0], at=at)
    for user, role in people:
        # The first one was entered as owner by the registration; an officer is no owner of customs.
        Membership.objects.update_or_create(user=user, organisation=found, defaults={"role": role})
    return found


def _verify(organisation: Organisation, *, by: User, officer: User, at: datetime) -> None:
    if organisation.is_verified or Verification.objects.filter(organisation=organisation).exists():
        return
    with io.BytesIO(_IDENTITY.read_bytes()) as file:
        extract = store_upload(file, owner_id=organisation.pk, name=_IDENTITY.name, at=at)
    case = submit_verification(organisation, identity_document=extract, by=by, at=at)
    hear_registry(case, answer=RegistryAnswer(Verification.Registry.FOUND, organisation.name), at=at)
    decide_verification(case, is_accepted=True, reason="", by=officer, at=at)


def _token(user: User, *, file: Path) -> None:
    try:
        key = file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        key = ""
    if key and ApiToken.objects.filter(digest=ApiToken.digest_of(key), user=user, revoked_at=None).exists():
        return
    key = ApiToken.new_key()
    ApiToken.objects.create(user=user, label=_TOKEN_LABEL, digest=ApiToken.digest_of(key))
    write_private(file, key + "\n")


def _products(seller: Organisation, order: Order, *, at: datetime) -> None:
    for goods in order.goods[:_PRODUCTS_IN_CATALOGUE]:
        if Product.objects.filter(seller=seller, sku=goods.sku).exists():
            continue
        product = Product(
            seller=seller,
            sku=goods.sku,
            description=goods.description,
            commodity_code=goods.commodity_code,
            origin=goods.origin,
            unit_price=Decimal(goods.unit_price),
            currency=order.currency,
            net_mass_kg=Decimal(goods.unit_net_mass_kg),
            net_content_value=Decimal(goods.net_content_value) if goods.net_content_value else None,
            net_content_unit=goods.net_content_unit,
        )
        register_product(product, at=at)
