"""Who may do what, written down by hand: the pages and the API are held against the same two tables."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.http import HttpResponse

from declarations import lifecycle
from declarations.documents import papers_for
from declarations.lifecycle import Lifting, Question
from declarations.models import Declaration, Hold, Product
from swindow.accounts.models import User
from swindow.documents import storage
from swindow.documents.lifecycle import SealedFile, mark_live
from tests import builders
from tests.builders import NOW

# A person of the seller: role -> acts.
OWN_RIGHT = {
    "owner": "view prepare lodge pay download answer",
    "declarant": "view prepare lodge pay download answer",
    "preparer": "view prepare download answer",
    "finance": "view pay download",
    "viewer": "view download",
}
# A person of the agent: role, what the mandate allows -> acts.
BY_MANDATE = {
    ("owner", "prepare lodge pay download answer"): "view prepare lodge pay download answer",
    ("declarant", "prepare lodge pay download answer"): "view prepare lodge pay download answer",
    ("owner", "prepare"): "view prepare",
    ("owner", "download"): "view download",
    ("declarant", "lodge"): "view lodge",
    ("declarant", "answer"): "view answer",
    ("declarant", "pay"): "view pay",
    ("preparer", "prepare lodge answer"): "view prepare answer",
    ("preparer", "lodge"): "view",
    ("finance", "pay lodge"): "view pay",
    ("finance", "prepare answer"): "view",
    ("viewer", "prepare lodge pay download answer"): "view download",
}
CASES = [
    *((("own", role, ""), set(acts.split())) for role, acts in OWN_RIGHT.items()),
    *((("agent", role, scopes), set(acts.split())) for (role, scopes), acts in BY_MANDATE.items()),
]


_PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass(frozen=True)
class Desk:
    """One seller's declarations in every state, and a product."""

    seller: User
    draft: Declaration
    held: Declaration
    released: Declaration
    paper: str
    product: Product


class Call(NamedTuple):
    """One page or operation: the act that it asks for, and its answer to whoever may."""

    name: str
    act: str
    make: Callable[[], HttpResponse]
    status: int


def statuses_of(calls: Iterable[Call]) -> dict[str, int]:
    """Make every call and take back what it did; return the statuses by the calls' names."""
    statuses = {}
    for call in calls:
        with transaction.atomic():
            answer = call.make()
            # Reads a streamed file to its end, which closes it.
            answer.getvalue()
            statuses[call.name] = answer.status_code
            transaction.set_rollback(True)
    return statuses


def differences(desk: "Desk", calls_of: Callable[[User], Sequence[Call]]) -> list[str]:
    """Let the person of every case make all calls; return what differs from the two tables."""
    wrong, count = [], 0
    for case, acts in CASES:
        calls = calls_of(somebody(desk, case))
        statuses = statuses_of(calls)
        count += len(statuses)
        expected = {call.name: call.status if call.act in acts else 403 for call in calls}
        wrong += [f"{case} {name}: {got}" for name, got in statuses.items() if got != expected[name]]
    print(f"{count} pairs of call and person")
    return wrong


def desk_of(seller: User) -> Desk:
    """Make a draft, an accepted declaration with a question and something to pay, and a released one."""
    draft, held, released = (builders.draft(seller, payment_method="card") for _ in range(3))
    assert not lifecycle.lodge([held.pk, released.pk], by=seller, at=NOW)
    lifecycle.ask([Question(held.pk, "customs", "Q12", "Why 2.30 kg?")], by="agency:customs", at=NOW)
    holds = Hold.objects.filter(declaration=released)
    lifecycle.lift_holds([Lifting(released.pk, one.authority, one.kind) for one in holds], by="x", at=NOW)
    product = lifecycle.register_product(product_of(seller), at=NOW)
    return Desk(seller, draft, held, released, _paper_of(released), product)


def _paper_of(released: Declaration) -> str:
    paper = lifecycle.reserve_papers(papers_for([released.pk]), at=NOW)[0]
    key = f"issued/26/{paper.document.number}/paper.pdf"
    storage.put(key, _PDF)
    sealed = SealedFile(sha256=storage.sha256_of(_PDF), size=len(_PDF), storage_key=key, signer="CN=Test")
    mark_live(paper.document, file=sealed, at=NOW)
    return str(paper.document.number)


def product_of(seller: User) -> Product:
    """Make an unsaved product."""
    return Product(
        seller=builders.company_of(seller),
        sku="S-1",
        description="Knitted cotton T-shirt",
        commodity_code="610910",
        origin="CN",
        unit_price="12.50",
        currency="EUR",
        net_mass_kg="0.200",
    )


def somebody(desk: Desk, case: Sequence[str]) -> User:
    """Make the person of a case."""
    side, role, scopes = case
    company = builders.company_of(desk.seller)
    if side == "own":
        return builders.member(company, role=role)
    return agent_for(desk.seller, role=role, scopes=scopes.split())


def agent_for(seller: User, *, role: str = "declarant", **terms: object) -> User:
    """Make a person of an agent that holds the seller's mandate."""
    agent = builders.organisation(kind="agent", name="Harbour Light")
    builders.mandate(builders.company_of(seller), agent, **terms)
    return builders.member(agent, role=role, name="Mira Vos")
