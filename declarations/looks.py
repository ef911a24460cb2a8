"""Who looks at a declaration from outside its company: agents and officers leave a line in the ledger."""

from collections.abc import Sequence

from django.utils import timezone

from declarations.models import Declaration, Product
from swindow.accounts.models import Act, User
from swindow.accounts.warrants import Powers
from swindow.vault.looks import note, note_all


def note_agent(user: User, declaration: Declaration) -> None:
    """Write that an agent, admitted under a mandate, opened a declaration; its own people leave no line."""
    if user.acting_under is not None:
        _note(user, declaration, capacity=f"organisation:{user.acting_under.agent_id}", what="declaration")


def note_file(user: User, declaration: Declaration, *, name: str, authorities: Sequence[str] = ()) -> None:
    """Write that an agent or an officer was handed a file of a declaration, by its reference."""
    if authorities:
        capacity = f"agency:{min(authorities)}"
    elif user.acting_under is not None:
        capacity = f"organisation:{user.acting_under.agent_id}"
    else:
        return
    _note(user, declaration, capacity=capacity, what="document", name=name)


def note_officer(user: User, declaration: Declaration, *, authority: str, paper: str = "") -> None:
    """Write that an officer opened a declaration, or one of its papers, for the authority."""
    what = "document" if paper else "declaration"
    _note(user, declaration, capacity=f"agency:{authority}", what=what, name=paper)


def note_product(user: User, product: Product, *, powers: Powers) -> None:
    """Write that an agent opened a product under a mandate."""
    mandate = powers.demand(Act.VIEW).mandate
    if mandate is not None:
        note(
            f"organisation:{product.seller_id}",
            viewer=user.pk,
            capacity=f"organisation:{mandate.agent_id}",
            what="product",
            reference=product.reference,
            at=timezone.now(),
        )


def _note(user: User, declaration: Declaration, *, capacity: str, what: str, name: str = "") -> None:
    subjects = [f"organisation:{declaration.declarant_id}"]
    if declaration.consignee_type == "private" and declaration.consignee_name:
        # The buyer's own data are in it too.
        subjects.append(f"declaration:{declaration.pk}")
    reference = f"{declaration.reference} {name}" if name else declaration.reference
    note_all(
        subjects,
        viewer=user.pk,
        capacity=capacity,
        what=what,
        reference=reference[:40],
        at=timezone.now(),
    )
