"""The seller's and the rival's machines."""

import pytest

from swindow.accounts.models import User
from tests import builders
from tests.api.callers import Caller


@pytest.fixture
def machine(seller: User) -> Caller:
    return Caller(seller)


@pytest.fixture
def rival_machine(rival: User) -> Caller:
    return Caller(rival)


@pytest.fixture
def invoice(seller: User) -> dict[str, str]:
    """A document entry for a file that the seller uploaded."""
    file = builders.stored_file(builders.company_of(seller))
    return {"file": file.reference, "kind": "invoice", "number": "INV-1"}
