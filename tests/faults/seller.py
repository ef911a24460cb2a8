"""The seller of the fault tests, as a process of its own: lodges and says what was acknowledged.

`python -m tests.faults.seller COMMAND`; one line of JSON on standard output a command, but `keep-lodging`
writes a line for each acknowledged declaration until it is told to stop.
"""

import argparse
import io
import json
import os
import signal
import sys
import time
from datetime import timedelta
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")
os.environ.setdefault("SWINDOW_DATABASE_ACTOR", "portal")
django.setup()

from django.db import DatabaseError, InterfaceError, close_old_connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402

from declarations import lifecycle  # noqa: E402
from declarations.models import Declaration, GoodsItem, SupportingDocument  # noqa: E402
from swindow.accounts.lifecycle import create_token  # noqa: E402
from swindow.accounts.models import User  # noqa: E402
from swindow.documents.models import StoredFile  # noqa: E402
from swindow.documents.uploads import store_upload  # noqa: E402
from tests import builders  # noqa: E402

HONEY = "040900"
# The goods cost EUR 50: an invoice that states more than half as much again is refused, not asked about.
WRONG = Decimal(500)
# Papers take the longest of all, so a faster seller would only make the tests longer.
_PAUSE_SECONDS = 0.3


def main() -> None:
    """Run one command."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("open-shop")
    lodging = commands.add_parser("lodge")
    lodging.add_argument("count", type=int)
    lodging.add_argument("--false-invoice", action="store_true", help="customs will refuse them")
    commands.add_parser("commit-and-die")
    commands.add_parser("keep-lodging")
    options = parser.parse_args()
    if options.command == "open-shop":
        open_shop()
    elif options.command == "lodge":
        say(lodge(options.count, stated=WRONG if options.false_invoice else None))
    elif options.command == "commit-and-die":
        commit_and_die()
    else:
        keep_lodging()


def open_shop() -> None:
    """Make the agencies, a verified seller and one uploaded paper; say the seller's token and the file."""
    builders.reference_data()
    seller = builders.seller()
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    picture.seek(0)
    company = builders.company_of(seller)
    file = store_upload(picture, owner_id=company.pk, name="invoice.png", at=timezone.now())
    _, token = create_token(seller, label="faults", at=timezone.now())
    say([token, file.reference])


def shopkeeper() -> User:
    """Return who opened the shop; other tests make more people in the same portal."""
    return User.objects.earliest("pk")


def lodge(count: int, *, stated: Decimal | None = None) -> list[int]:
    """Lodge so many in one transaction; return the ids that were accepted."""
    seller = shopkeeper()
    ids = [draft(seller, stated=stated).pk for _ in range(count)]
    refused = lifecycle.lodge(ids, by=seller, at=timezone.now())
    if refused:
        raise SystemExit(f"refused: {refused}")
    return ids


def commit_and_die() -> None:
    """Die as by a power cut between the commit and the first ring."""
    seller = shopkeeper()
    declaration = draft(seller)
    say([declaration.pk])
    with transaction.atomic():
        # Registered before the lodging registers its ring, so it runs first.
        transaction.on_commit(die)
        lifecycle.lodge_one(declaration, by=seller, at=timezone.now())


def die() -> None:
    """End without another instruction."""
    os.kill(os.getpid(), signal.SIGKILL)


def keep_lodging() -> None:
    """Lodge one after the other and say each that was acknowledged; try again when the database is away."""
    while True:
        try:
            say(lodge(1))
        except (DatabaseError, InterfaceError) as error:
            print(f"not acknowledged: {error}", file=sys.stderr, flush=True)
            close_old_connections()
        time.sleep(_PAUSE_SECONDS)


def draft(seller: User, *, stated: Decimal | None = None) -> Declaration:
    """Make a draft that all four authorities and the payment service have a part in."""
    company = builders.company_of(seller)
    now = timezone.now()
    declaration = Declaration(
        declarant=company,
        jurisdiction="NL",
        lrn=f"{os.getpid()}-{time.time_ns()}",
        consignee_name="Jan de Vries",
        consignee_address="Coolsingel 1, Rotterdam",
        consignor_name=company.name,
        consignor_address=company.address,
        order_number="BW-1",
        ordered_on=now.date(),
        currency="EUR",
        registration_scheme="ioss",
        registration_number="IM5280001234",
        payment_method="deferment",
    )
    return lifecycle.create_draft(
        declaration,
        consignment=builders.consignment(arrival_on=now.date()),
        goods_items=goods(),
        documents=papers(stated=stated),
        by=seller,
        at=now,
    )


def goods() -> list[GoodsItem]:
    """Return a shirt, and honey, which quarantine examines."""
    return [
        builders.goods_item(1),
        builders.goods_item(2, code=HONEY, description="Acacia honey in glass jars"),
    ]


def papers(*, stated: Decimal | None) -> list[SupportingDocument]:
    """Return an invoice that states a total, and a health certificate; both are the one uploaded picture."""
    file = StoredFile.objects.first()
    issued_on = timezone.now().date() - timedelta(days=3)
    return [
        SupportingDocument(kind="invoice", number="INV-1", stated_amount=stated, file=file),
        SupportingDocument(kind="health_certificate", number="HC-1", issued_on=issued_on, file=file),
    ]


def say(answer: object) -> None:
    """Write one line that the test reads."""
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
