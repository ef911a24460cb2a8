"""The buyer's identity number in the vault: sealed for its declaration, shown by its last characters."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from declarations.identity_numbers import compact_identity_number, identity_number_of
from declarations.models import Declaration, Status
from swindow.vault.models import Secret
from swindow.vault.secrets import forget, reveal, rows_with, seal

FIELD = "consignee_id"
USES_COUNTED = timedelta(days=30)


def place_of_number(declaration_id: int) -> str:
    """Return the vault's name of the row, which is its subject too: the buyer of this declaration."""
    return f"declaration:{declaration_id}"


def asks_for_number(declaration: Declaration) -> bool:
    """Tell whether the law of the country of import knows a number of this buyer."""
    is_private = declaration.consignee_type == "private"
    return is_private and identity_number_of(str(declaration.jurisdiction)) is not None


def keep_number(declaration: Declaration, *, number: str | None, at: datetime) -> None:
    """Seal a checked number in the caller's transaction; "" forgets the one before, None leaves it.

    What is not asked for any more, because the buyer is a business or the country another, is forgotten.
    """
    place = place_of_number(declaration.pk)
    if not asks_for_number(declaration) or number == "":
        forget(place, FIELD)
    elif number is not None:
        seal(place, row=place, field=FIELD, value=compact_identity_number(number), at=at)


def hints_of(declarations: Iterable[Declaration]) -> dict[int, str]:
    """Return the last characters of each number that is kept, by declaration; one statement, or none."""
    places = {place_of_number(one.pk): one.pk for one in declarations if asks_for_number(one)}
    if not places:
        return {}
    kept = Secret.objects.filter(field=FIELD, row__in=places, key__destroyed_at=None)
    return {places[row]: hint for row, hint in kept.values_list("row", "hint")}


def hint_of_number(declaration: Declaration) -> str:
    """Return the last characters of the number, or ""."""
    return hints_of([declaration]).get(declaration.pk, "")


def reveal_number(declaration: Declaration) -> str:
    """Return the number in clear, or ""; whoever calls has noted the look."""
    return reveal(place_of_number(declaration.pk), FIELD)


def uses_of_number(declaration: Declaration, *, at: datetime) -> int:
    """Count the declarations of the last 30 days that were lodged with the same number, this one included."""
    number = reveal_number(declaration)
    if not number:
        return 0
    lodged = Declaration.objects.exclude(status=Status.DRAFT).filter(accepted_at__gt=at - USES_COUNTED)
    return lodged.filter(pk__in=_ids(rows_with(FIELD, number))).count()


def _ids(rows: Collection[str]) -> list[int]:
    return [int(row.partition(":")[2]) for row in rows if row.startswith("declaration:")]
