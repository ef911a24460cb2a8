"""Goods lines: listed, copied from products, typed, changed, removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from declarations import lifecycle
from declarations.forms.goods import FromProductForm, LineForm, line_data, product_data
from declarations.models import Declaration, DraftAnswer, GoodsItem, Product
from declarations.savings import savings_of
from declarations.statement import Statement
from declarations.views.access import draft_page, is_autosave
from declarations.views.answers_page import line_note, quantity_of
from declarations.views.codes import codes_for, codes_url
from declarations.views.frame import draft_context, saved_words
from declarations.views.judging import Judgement, judge_draft
from declarations.views.tasks import section_url
from swindow.accounts.signed_in import person_of
from swindow.problems import Problem

_MOST_PRODUCTS = 500
_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line as the list shows it, with what is wrong with it."""

    item: GoodsItem
    quantity: str
    note: str
    problems: Sequence[Problem]
    edit_url: str
    remove_url: str


@require_safe
@draft_page()
def goods(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """Show the lines, and how to add one."""
    judgement = judge_draft(draft, at=timezone.now())
    is_shown = bool(judgement.statement.goods_items)
    own = [problem for place, problem in judgement.found if place.section == "goods" and not place.line_no]
    products = _products(request, draft)
    context = draft_context(
        draft,
        judgement,
        section="goods",
        rows=line_rows(judgement),
        problems=own if is_shown else [],
        form=FromProductForm(products=products),
        has_products=bool(products),
        unfinished_url=_line_url(draft, None) if "goods.new" in judgement.unstored else "",
        savings=savings_of(judgement.result),
    )
    return render(request, "declarations/goods.html", context)


@require_http_methods(_METHODS)
@draft_page()
def line_new(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """Ask for a new line; ?product= and ?quantity= copy a product into it."""
    if request.method == "POST":
        return _save(request, draft, None)
    kept = _kept(draft, "new")
    if kept:
        if "product" in request.GET:
            messages.info(request, _("Finish this line first, or forget it under Goods lines."))
        return _show(request, draft, _form(draft, kept), None)
    if "product" not in request.GET:
        return _show(request, draft, _form(draft, None), None)
    chosen = FromProductForm(request.GET, products=_products(request, draft))
    if not chosen.is_valid():
        messages.error(request, _("Choose a product and give a quantity above 0."))
        return redirect(section_url("goods", draft.reference))
    product = _product(request, draft, chosen.cleaned_data["product"])
    initial = product_data(product, quantity=chosen.cleaned_data["quantity"]) if product else {}
    form = _form(draft, None, initial=initial)
    return _show(request, draft, form, None, product=product)


@require_http_methods(_METHODS)
@draft_page()
def line_edit(request: HttpRequest, draft: Declaration, line_no: int) -> HttpResponse:
    """Ask for the changes of a line."""
    item = get_object_or_404(GoodsItem, declaration=draft, line_no=line_no)
    if request.method == "POST":
        return _save(request, draft, item)
    kept = _kept(draft, str(line_no))
    form = _form(draft, line_data(item) | kept)
    form.is_valid()
    return _show(request, draft, form, item)


@require_POST
@draft_page()
def line_remove(request: HttpRequest, draft: Declaration, line_no: int) -> HttpResponse:
    """Remove a line with the papers that cover it alone."""
    now = timezone.now()
    if lifecycle.drop_line(draft, line_no=line_no, at=now):
        messages.success(request, _("Line %(line)s is removed.") % {"line": line_no})
    lifecycle.keep_typed(draft, section=f"goods.{line_no}", typed={}, at=now)
    return redirect(section_url("goods", draft.reference))


@require_POST
@draft_page()
def line_forget(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """Forget a new line that was begun and never finished."""
    lifecycle.keep_typed(draft, section="goods.new", typed={}, at=timezone.now())
    return redirect(section_url("goods", draft.reference))


def line_rows(judgement: Judgement) -> list[LineRow]:
    """Return the lines with their problems."""
    draft = judgement.statement.declaration
    return [
        LineRow(
            item,
            quantity_of(item),
            line_note(item),
            judgement.of_line(item.line_no),
            _line_url(draft, item),
            reverse("declarations:line_remove", args=[draft.reference, item.line_no]),
        )
        for item in judgement.statement.goods_items
    ]


def shown_rows(statement: Statement) -> list[LineRow]:
    """Return the lines of a lodged declaration."""
    return [LineRow(item, quantity_of(item), line_note(item), (), "", "") for item in statement.goods_items]


def _save(request: HttpRequest, draft: Declaration, item: GoodsItem | None) -> HttpResponse:
    now, form = timezone.now(), _form(draft, request.POST)
    section = f"goods.{item.line_no if item else 'new'}"
    # Who only asks for codes has not said that a new line is ready.
    is_asking = "suggest" in request.POST
    is_stored = form.is_valid() and not ((is_autosave(request) or is_asking) and item is None)
    if is_stored:
        product = _product(request, draft, form.cleaned_data["product"])
        lifecycle.put_line(draft, item=form.write(item or GoodsItem(), product=product), at=now)
    lifecycle.keep_typed(draft, section=section, typed={} if is_stored else form.typed(), at=now)
    if is_autosave(request):
        return JsonResponse(saved_words(now))
    if is_asking:
        return _show(request, draft, form, item, is_asking=True)
    if not is_stored and "exit" not in request.POST:
        return _show(request, draft, form, item, status=422)
    return redirect(section_url("goods", draft.reference))


def _show(
    request: HttpRequest,
    draft: Declaration,
    form: LineForm,
    item: GoodsItem | None,
    *,
    status: int = 200,
    product: Product | None = None,
    is_asking: bool = False,
) -> HttpResponse:
    judgement = judge_draft(draft, at=timezone.now())
    country = str(draft.jurisdiction)
    if is_asking:
        form.errors.clear()
    elif item and form.is_bound:
        form.add_problems([each for each in judgement.of_line(item.line_no) if "typed" not in each.path])
    context = draft_context(
        draft,
        judgement,
        section="goods",
        form=form,
        item=item,
        product=product,
        back_url=section_url("goods", draft.reference),
        autosave_url=f"{_line_url(draft, item)}?autosave=1",
        codes=codes_for(request, form, country=country, is_asked=is_asking),
        codes_url=codes_url(country),
        savings=savings_of(judgement.result, line_no=item.line_no) if item else (),
    )
    return render(request, "declarations/line.html", context, status=status)


def _form(draft: Declaration, data: Mapping[str, Any] | None, **options: Any) -> LineForm:
    return LineForm(data, currency=draft.currency, codes_url=codes_url(str(draft.jurisdiction)), **options)


def _line_url(draft: Declaration, item: GoodsItem | None) -> str:
    if item is None:
        return reverse("declarations:line_new", args=[draft.reference])
    return reverse("declarations:line_edit", args=[draft.reference, item.line_no])


def _kept(draft: Declaration, part: str) -> dict[str, str]:
    answer = DraftAnswer.objects.filter(declaration=draft, section=f"goods.{part}").first()
    return {name: values[-1] for name, values in answer.typed.items() if values} if answer else {}


def _products(request: HttpRequest, draft: Declaration) -> list[Product]:
    products = Product.objects.for_actor(person_of(request)).filter(seller=draft.declarant)
    return list(products.order_by("-pk")[:_MOST_PRODUCTS])


def _product(request: HttpRequest, draft: Declaration, reference: str) -> Product | None:
    products = Product.objects.for_actor(person_of(request)).filter(seller=draft.declarant)
    return products.filter(reference=reference).first()
