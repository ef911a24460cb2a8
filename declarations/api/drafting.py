"""From a validated request to unsaved models; every reference is resolved, every problem told at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from declarations.identity_numbers import PATH, check_identity_number
from declarations.models import Declaration, GoodsItem, Product, SupportingDocument
from logistics.models import Consignment, Mode
from logistics.rules import KINDS_OF_MODE
from swindow.accounts.models import Organisation
from swindow.documents.models import StoredFile
from swindow.problems import Problem, Refused

_GRAM = Decimal("0.001")
_COPIED = (
    "description",
    "commodity_code",
    "origin",
    "net_content_value",
    "net_content_unit",
    "preference",
    "abv_percent",
)
_NEEDED = ("description", "commodity_code", "origin", "unit_price", "net_mass_kg")


@dataclass(frozen=True, slots=True)
class Draft:
    """The unsaved parts of one draft."""

    declaration: Declaration
    consignment: Consignment
    goods_items: tuple[GoodsItem, ...]
    documents: tuple[SupportingDocument, ...]
    # None: nothing was said about the buyer's number.
    consignee_id: str | None


def draft_from(stated: Mapping[str, Any], *, declarant: Organisation) -> Draft:
    """Build a draft from validated values.

    Raises Refused with every problem of its references and of the buyer's number.
    """
    problems = list(_problems_of_number(stated))
    currency = stated["parties"]["currency"]
    goods = _goods(stated["goods_items"], declarant=declarant, currency=currency, problems=problems)
    documents = _documents(stated["documents"], goods=goods, declarant=declarant, problems=problems)
    if problems:
        raise Refused(problems)
    parties = dict(stated["parties"])
    number = parties.pop("consignee_id", None)
    return Draft(
        Declaration(
            declarant=declarant,
            lrn=stated["lrn"],
            jurisdiction=stated["jurisdiction"],
            **parties,
            **stated["tax"],
        ),
        _consignment(stated["transport"]),
        tuple(goods),
        tuple(documents),
        number,
    )


def _problems_of_number(stated: Mapping[str, Any]) -> Iterable[Problem]:
    parties = stated["parties"]
    number = parties.get("consignee_id")
    if not number:
        return ()
    if parties["consignee_type"] != "private":
        fix = _("Leave it out: what is not needed is not kept.")
        return [Problem(PATH, "DE-34", _("Only a private person has an identity number."), fix)]
    return check_identity_number(number, country=stated["jurisdiction"])


def _consignment(transport: Mapping[str, Any]) -> Consignment:
    mode = transport["transport_mode"]
    return Consignment(document_kind=KINDS_OF_MODE[Mode(mode)] if mode else "", **transport)


def _goods(
    lines: Sequence[Mapping[str, Any]],
    *,
    declarant: Organisation,
    currency: str,
    problems: list[Problem],
) -> list[GoodsItem]:
    references = {line["product"] for line in lines if line["product"]}
    products = {
        product.reference: product
        for product in Product.objects.filter(seller=declarant, reference__in=references)
    }
    goods = []
    for place, line in enumerate(lines, start=1):
        product = products.get(line["product"])
        if line["product"] and product is None:
            problems.append(
                _unknown(f"goods_items.{place}.product", _("There is no such product, or it is not yours."))
            )
            continue
        values = _line_values(line, product=product, currency=currency)
        found = _line_problems(values, place=place)
        problems += found
        if not found:
            goods.append(GoodsItem(line_no=place, product=product, **values))
    return goods


def _line_values(line: Mapping[str, Any], *, product: Product | None, currency: str) -> dict[str, Any]:
    values = {name: value for name, value in line.items() if name not in ("product", "line_no")}
    if product is None:
        return values
    for name in _COPIED:
        if values.get(name) in (None, ""):
            values[name] = getattr(product, name)
    # A price in another currency is another price.
    if values["unit_price"] is None and product.currency == currency:
        values["unit_price"] = product.unit_price
    if values["net_mass_kg"] is None:
        values["net_mass_kg"] = (product.net_mass_kg * line["quantity"]).quantize(_GRAM)
    if values["supplementary_quantity"] is None and product.supplementary_quantity is not None:
        values["supplementary_quantity"] = product.supplementary_of(line["quantity"])
        values["supplementary_unit"] = product.supplementary_unit
    return values


def _line_problems(values: Mapping[str, Any], *, place: int) -> list[Problem]:
    path = f"goods_items.{place}"
    fix = _("Send it, or name a product to copy it from.")
    problems = [
        Problem(f"{path}.{name}", "required", _("This field is needed."), fix)
        for name in _NEEDED
        if values.get(name) in (None, "")
    ]
    net = values.get("net_mass_kg")
    if net is not None and values["gross_mass_kg"] < net:
        text = _("The gross mass cannot be below the net mass of %(net)s kg.") % {"net": net}
        problems.append(Problem(f"{path}.gross_mass_kg", "gross_covers_net", text, _("Correct one of them.")))
    return problems


def _documents(
    rows: Sequence[Mapping[str, Any]],
    *,
    goods: Sequence[GoodsItem],
    declarant: Organisation,
    problems: list[Problem],
) -> list[SupportingDocument]:
    references = {row["file"] for row in rows}
    files = {
        file.reference: file
        for file in StoredFile.objects.filter(owner_id=declarant.pk, reference__in=references).exclude(
            state=StoredFile.State.REFUSED
        )
    }
    lines = {item.line_no: item for item in goods}
    documents = []
    for place, row in enumerate(rows, start=1):
        if row["file"] not in files:
            problems.append(
                _unknown(f"documents.{place}.file", _("There is no such file, or it is not yours."))
            )
        elif row["line_no"] and row["line_no"] not in lines:
            text = _("There is no line %(line)s.") % {"line": row["line_no"]}
            problems.append(
                Problem(f"documents.{place}.line_no", "line", text, _("Use the number of a line."))
            )
        else:
            values = {name: value for name, value in row.items() if name not in ("file", "line_no")}
            item = lines.get(row["line_no"] or 0)
            documents.append(SupportingDocument(file=files[row["file"]], goods_item=item, **values))
    return documents


def _unknown(path: str, text: str) -> Problem:
    return Problem(path, "not_found", text, _("Use the reference from the answer in which it was made."))
