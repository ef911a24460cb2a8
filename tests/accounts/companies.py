"""A newcomer's company, its papers, and cases in each state, for the tests of registration."""

import io
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from swindow.accounts.lifecycle import (
    RegistryAnswer,
    decide_verification,
    hear_registry,
    register_organisation,
    submit_verification,
)
from swindow.accounts.models import Organisation, User, Verification
from tests import builders

PAGE = "/organisation/"
COMPANY = {
    "kind": "seller",
    "name": "Meridian Toys Ltd",
    "country": "SG",
    "registration_number": "00192200M",
    "address": "1 Harbour Road\r\nSingapore 098633",
    "contact_name": "Aiko Tan",
    "contact_phone": "+65 6555 0100",
}
IBAN = "NL91ABNA0417164300"


def picture(name: str = "licence.png") -> SimpleUploadedFile:
    """Return a small picture that may be uploaded."""
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/png")


def filled(**changed: Any) -> dict[str, Any]:
    """Return what a newcomer types and attaches."""
    return {**COMPANY, "licence": picture(), "identity_document": picture("passport.png"), **changed}


def as_person(person: User) -> Client:
    """Return a browser in which the person is signed in, with a factor used just now."""
    client = Client()
    client.force_login(person)
    return client


def waiting_case(person: User, **facts: Any) -> Verification:
    """Register a company and send its papers; the register has not answered."""
    known = {
        name: COMPANY[name] for name in ("kind", "name", "country", "registration_number", "contact_name")
    }
    company = Organisation(**{**known, "address": "1 Harbour Road", **facts})
    register_organisation(company, by=person, at=builders.NOW)
    papers = {name: builders.stored_file(company) for name in ("licence", "identity_document")}
    return submit_verification(company, by=person, at=builders.NOW, **papers)


def heard(case: Verification, outcome: str = "found", name: str = "Meridian Toys Ltd") -> Verification:
    """Let the register answer."""
    return hear_registry(case, answer=RegistryAnswer(outcome, name), at=builders.NOW)


def verified(case: Verification, *, by: User, at: datetime = builders.NOW, **terms: Any) -> Verification:
    """Let the register and an officer agree."""
    return decide_verification(heard(case), is_accepted=True, reason="", by=by, at=at, **terms)
