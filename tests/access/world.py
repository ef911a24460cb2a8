"""One small world for the access tests: everybody who could ask, and one object of each kind."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from declarations import lifecycle
from declarations.documents import papers_for
from declarations.lifecycle import PaymentNotice, Question
from declarations.lifecycle.buyers import make_notices
from declarations.models import ClearanceDocument, Declaration, Payment, Product, SupportingDocument
from inspection.lifecycle import Decision, decide, open_reviews
from inspection.models import Review
from swindow.accounts.invitations import signed
from swindow.accounts.lifecycle import (
    RegistryAnswer,
    Service,
    ask_company,
    ask_for_help,
    create_token,
    decide_verification,
    describe_service,
    hear_registry,
    invite,
    propose_officer,
    resend_invitation,
    submit_verification,
    suspend_company,
)
from swindow.accounts.models import ApiToken, Mandate, Organisation, User, Verification
from swindow.documents import storage
from swindow.documents.lifecycle import SealedFile, mark_live
from swindow.documents.models import StoredFile
from swindow.privacy.copies import make_copy
from swindow.privacy.lifecycle import ask_for_copy
from tariffs.drafting.edits import Evidence, RateChanged
from tariffs.drafting.parameters import parameter_blocks
from tariffs.drafting.tables import read_table
from tariffs.lifecycle import edit_draft, load_packs, propose, start_draft
from tariffs.models import PackDraft
from tests import builders
from tests.builders import NOW

# Words that only the seller, its people and its agent may ever read.
SECRETS = ("Canary Vermilion", "PO-CANARY", "Jan de Canary")
PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass(frozen=True)
class World:
    """People by name, their tokens, and the arguments that addresses take, own and unknown."""

    people: Mapping[str, User]
    tokens: Mapping[str, str]
    own: Mapping[str, str | int]
    unknown: Mapping[str, str | int]

    @property
    def unknown_only(self) -> frozenset[str]:
        """Return the names of the arguments of which an unknown one exists."""
        return frozenset(_UNKNOWN)

    def client(self, person: str) -> Client:
        """Return a browser in which this person is signed in."""
        client = Client(raise_request_exception=False)
        if person != "anonymous":
            client.force_login(self.people[person])
            _note_visit(client)
        return client


def _note_visit(client: Client) -> None:
    """Note the visit for the whole test: each request that is taken back would write the session again."""
    session = client.session
    session["visit"] = {"began": time.time(), "seen": time.time() + 3600, "is_staff": False}
    session.save()


def build() -> World:
    """Make everything through the same doors as in the portal."""
    builders.reference_data()
    people = _people()
    seller = people["seller"]
    company = builders.company_of(seller)
    product = _product(company)
    draft, held, released = (_declaration(seller, lrn=f"PO-CANARY-{word}") for word in ("a", "b", "c"))
    _lodge(held, released, by=seller)
    _ask_customs(held)
    number = _release(released)
    case = _case(people, company, name="Canary Vermilion New")
    verified, suspended = (_verified_case(people, company, name=f"Canary Vermilion {n}") for n in (2, 3))
    suspend_company(suspended, reason="Nobody answers.", by=people["customs"], at=NOW)
    asked = submit_verification(company, identity_document=_stored(company), by=seller, at=NOW)
    ask_company(asked, text="Which address is right?", by=people["customs"], at=NOW)
    law, proposal = _law(people["customs"])
    offer = invite(company, email=people["rival"].email, role="viewer", by=seller, at=NOW)
    # It was mailed today, so that it holds by the clock on the wall.
    offer = resend_invitation(offer, by=seller, at=timezone.now() - timedelta(hours=1))
    tokens, fingerprint = _tokens(people)
    # A key's first use a day is written, which is no act of a route.
    ApiToken.objects.update(last_used_on=timezone.now().date())
    # Only now, so that the person held a session and a token before.
    User.objects.filter(pk=people["disabled"].pk).update(is_active=False)
    own: dict[str, str | int] = {
        "draft": draft.reference,
        "held": held.reference,
        "released": released.reference,
        "product": product.reference,
        "file": _file_of(draft),
        "held_file": _file_of(held),
        "paper": number,
        "line": 1,
        "certificate": 2,
        "question": 1,
        "authority": "customs",
        "agent": builders.company_of(people["broker"]).reference,
        "mandate": Mandate.objects.get(agent=builders.company_of(people["broker"])).reference,
        "help": _ask_for_help(people["broker"], by=seller),
        "fingerprint": fingerprint,
        "case": case.reference,
        "case_file": case.identity_document.reference,
        "verified_case": verified.reference,
        "suspended_case": suspended.reference,
        "company": company.reference,
        "invitation": signed(offer),
        "offer": offer.reference,
        "member": people["colleague"].email,
        "appointment": _appointment(builders.company_of(people["customs"])),
        "code": ClearanceDocument.objects.get(document__number=number).document.verification_code,
        "buyers_code": make_notices([held.pk], at=NOW)[0].code,
        "law_draft": law.reference,
        "law_seen": law.sha256,
        "law_line": 2,
        "law_parameter": parameter_blocks(law.files["pack.toml"])[0].line,
        "law_file": "controls.csv",
        "proposal": proposal.reference,
        "proposal_seen": proposal.sha256,
        "app": "accounts",
        "pk": company.pk,
        "session": _session_of(seller),
        "copy": _copy_of(seller),
        "key_of_nobody": 999_999_997,
        "anything": "x",
        "uid": "a",
        "key": "b-c",
        "commodity": "610910",
        "law": "CN",
        "rule": "CN-03",
    }
    return World(people, tokens, own, own | _UNKNOWN)


def _case(people: Mapping[str, User], owner: Organisation, *, name: str) -> Verification:
    case = submit_verification(
        builders.organisation(name=name), identity_document=_stored(owner), by=people["rival"], at=NOW
    )
    return hear_registry(case, answer=RegistryAnswer(Verification.Registry.FOUND, name), at=NOW)


def _verified_case(people: Mapping[str, User], owner: Organisation, *, name: str) -> Verification:
    case = _case(people, owner, name=name)
    return decide_verification(case, is_accepted=True, reason="", by=people["customs"], at=NOW)


_UNKNOWN: Mapping[str, str | int] = {
    "draft": "SW-26-99999999",
    "held": "SW-26-99999999",
    "released": "SW-26-99999999",
    "product": "PRD-26-99999999",
    "file": "FILEFILEFILEFILE",
    "held_file": "FILEFILEFILEFILE",
    "paper": "CP-26-99999999-9",
    "agent": "ORG-26-99999999",
    "mandate": "MAN-26-99999999",
    "help": "HLP-26-99999999",
    "fingerprint": "0123456789abcdef",
    "case": "VER-26-99999999",
    "case_file": "FILEFILEFILEFILE",
    "verified_case": "VER-26-99999998",
    "suspended_case": "VER-26-99999997",
    "company": "ORG-26-99999998",
    "invitation": "no-invitation",
    "offer": "INV-26-99999999",
    "appointment": "APT-26-99999999",
    "code": "AAAAAAAAAAAAAAAAAAAAAA",
    "buyers_code": "AAAAAAAAAAAAAAAAAAAAAB",
    "law": "ZZ",
    "rule": "ZZ-99",
    "pk": 999_999_999,
    "session": 999_999_998,
    "copy": "CPY-26-99999999",
    "law_draft": "PD-26-99999999",
    "proposal": "PD-26-99999998",
}


def _session_of(person: User) -> int:
    return UserSession.objects.create(user=person, ip="192.0.2.7", session_key="x" * 32).pk


def _copy_of(person: User) -> str:
    copy = ask_for_copy(person, at=NOW)
    make_copy(copy, at=timezone.now())
    return copy.reference


def _people() -> dict[str, User]:
    seller = builders.seller(name="Canary Vermilion")
    former, broker = builders.agent_of(seller), builders.agent_of(seller)
    # Mandates are read by the database's clock.
    Mandate.objects.update(valid_from=timezone.now() - timedelta(days=1))
    Mandate.objects.filter(agent=builders.company_of(former)).update(revoked_at=NOW)
    return {
        "seller": seller,
        "colleague": builders.colleague_of(seller),
        "broker": broker,
        "former_broker": former,
        "rival": builders.seller(name="Rival Trading"),
        "viewer": builders.member(builders.company_of(seller), role="viewer", name="Kai Brandt"),
        "customs": builders.officer("customs"),
        "tax": builders.officer("tax"),
        "quarantine": builders.officer("quarantine"),
        "port": builders.officer("port"),
        "disabled": builders.colleague_of(seller),
        "administrator": builders.with_app(
            User.objects.create_superuser("administrator@example.com", builders.PASSWORD)
        ),
    }


def _law(customs: User) -> tuple[PackDraft, PackDraft]:
    """Make a draft of the law by the officer of customs, and another's proposal."""
    load_packs()
    own = _raised(start_draft("SG", note="GST rises.", by=customs, at=NOW), by=customs)
    other = builders.officer("tax")
    draft = _raised(start_draft("AU", note="GST rises.", by=other, at=NOW), by=other)
    return own, propose(draft, seen=draft.sha256, by=other, at=NOW)


def _raised(draft: PackDraft, *, by: User) -> PackDraft:
    rows = read_table(draft.files["rates.csv"]).records
    line = next(row.line for row in rows if row.values["type"] == "gst" and not row.values["valid_to"])
    edit = RateChanged(line, "20%", date(2090, 1, 1), Evidence("Act 1", "", is_verified=False))
    return edit_draft(draft, edit=edit, seen=draft.sha256, by=by, at=NOW)


def _product(company: Organisation) -> Product:
    product = Product(
        seller=company,
        sku="PO-CANARY-SKU",
        description="Canary Vermilion cotton T-shirt",
        commodity_code="610910",
        origin="CN",
        unit_price=Decimal("12.50"),
        currency="EUR",
        net_mass_kg=Decimal("0.200"),
        picture=_stored(company),
    )
    return lifecycle.register_product(product, at=NOW)


def _declaration(seller: User, *, lrn: str) -> Declaration:
    goods = [
        builders.goods_item(1),
        builders.goods_item(2, code="040900", description="Acacia honey in jars"),
    ]
    declaration = builders.draft(
        seller,
        lrn=lrn,
        goods=goods,
        consignee_name="Jan de Canary",
        consignee_email="jan@example.com",
        payment_method="card",
    )
    certificate = SupportingDocument(
        kind="health_certificate", number="HC-1", issued_on=NOW.date(), file=_stored(declaration.declarant)
    )
    lifecycle.attach(declaration, document=certificate, at=NOW)
    return declaration


def _lodge(*declarations: Declaration, by: User) -> None:
    keys = [one.pk for one in declarations]
    refused = lifecycle.lodge(keys, by=by, at=NOW)
    assert not refused, refused
    open_reviews(keys, at=NOW)


def _ask_for_help(broker: User, *, by: User) -> str:
    """Show the broker in the directory and let the seller ask it."""
    agent, service = builders.company_of(broker), Service(("NL",), (), "English", "We declare parcels.", True)
    describe_service(agent, service=service, by=broker, at=NOW)
    asked = {"countries": ("NL",), "text": "Canary Vermilion needs an agent."}
    seller = builders.company_of(by)
    return ask_for_help(seller, agent=agent, **asked, by=by, at=NOW).reference


def _ask_customs(declaration: Declaration) -> None:
    text = "Which of the papers is right?"
    lifecycle.ask([Question(declaration.pk, "customs", "Q12", text)], by="agency:customs", at=NOW)


def _release(declaration: Declaration) -> str:
    reviews = Review.objects.filter(declaration=declaration)
    decide([Decision(one.declaration_id, one.authority, True, "C00") for one in reviews], by="x", at=NOW)
    lifecycle.request_payments([declaration.pk], by="x", at=NOW)
    payment = Payment.objects.get(declaration=declaration)
    notice = PaymentNotice(payment.reference, "SIM-1", True, payment.amount, payment.currency)
    lifecycle.settle([notice], at=NOW)
    papers = lifecycle.reserve_papers(papers_for([declaration.pk]), at=NOW)
    for paper in papers:
        key = f"issued/26/{paper.document.number}/paper.pdf"
        storage.put(key, PDF)
        mark_live(paper.document, file=_sealed(key), at=NOW)
    lifecycle.mark_issued([declaration.pk], at=NOW)
    return str(papers[0].document.number)


def _sealed(key: str) -> SealedFile:
    return SealedFile(sha256=storage.sha256_of(PDF), size=len(PDF), storage_key=key, signer="CN=Test")


def _stored(owner: Organisation) -> StoredFile:
    file = builders.stored_file(owner)
    storage.put(file.storage_key, PDF)
    return file


def _file_of(declaration: Declaration) -> str:
    papers = SupportingDocument.objects.filter(declaration=declaration, kind="health_certificate")
    return str(papers.get().file.reference)


def _tokens(people: Mapping[str, User]) -> tuple[dict[str, str], str]:
    tokens, fingerprint = {}, ""
    for name, person in people.items():
        token, tokens[name] = create_token(person, label="test", at=NOW)
        fingerprint = token.digest[:16] if name == "seller" else fingerprint
    return tokens, fingerprint


def _appointment(authority: Organisation) -> str:
    """Let another administrator propose somebody."""
    proposer = User.objects.create_superuser("proposer@example.com", builders.PASSWORD)
    terms = {"authority": authority, "until": NOW.date() + timedelta(days=90)}
    return propose_officer(builders.user("Boris Ivanov"), **terms, by=proposer, at=NOW).reference
