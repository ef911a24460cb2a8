"""The seller's catalogue."""

from collections.abc import Container, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_countries import countries

from declarations import lifecycle
from declarations.acting import act_for
from declarations.forms.products import ProductForm, product_answers
from declarations.looks import note_product
from declarations.models import Product
from declarations.views.access import offered, prepared_for, sellers_of
from declarations.views.codes import codes_for, codes_url
from declarations.views.files import take_file
from declarations.views.paging import Slice, slice_of
from swindow.accounts.models import Act, Organisation
from swindow.accounts.signed_in import person_of
from swindow.accounts.warrants import powers_for
from swindow.components import Crumb, Row
from swindow.documents.errors import StorageUnavailable

_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@login_required
def products(request: HttpRequest) -> HttpResponse:
    """List the products, newest first."""
    owned = Product.objects.for_actor(person_of(request)).select_related("seller")
    sellers = sellers_of(request)
    owned = owned.filter(seller__in=sellers)
    page: Slice[Product] = slice_of(owned, request, url=reverse("declarations:products"))
    context = {
        "page": page,
        "has_seller": bool(sellers),
        "may": offered(request, sellers),
    }
    return render(request, "declarations/products.html", context)


@require_http_methods(_METHODS)
@login_required
def product_new(request: HttpRequest) -> HttpResponse:
    """Ask for a new product."""
    sellers = prepared_for(request)
    if not sellers:
        messages.info(request, _("Give your company data first."))
        return redirect("accounts:organisation")
    if request.method == "POST":
        return _save(request, Product(), sellers)
    return _show(request, ProductForm(sellers=sellers, codes_url=codes_url()), None)


@require_http_methods(_METHODS)
@login_required
def product_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the changes of a product; declarations keep their copy."""
    product = get_object_or_404(
        Product.objects.for_actor(person_of(request)).select_related("seller", "picture"), reference=reference
    )
    if request.method == "POST":
        return _save(request, product, [product.seller])
    form = ProductForm(initial=product_answers(product), sellers=[product.seller], codes_url=codes_url())
    powers = powers_for(person_of(request), [product.seller_id])[product.seller_id]
    note_product(person_of(request), product, powers=powers)
    return _show(request, form, product, may=powers.acts)


def _save(request: HttpRequest, product: Product, sellers: Sequence[Organisation]) -> HttpResponse:
    form = ProductForm(request.POST, request.FILES, sellers=list(sellers), codes_url=codes_url())
    form.is_valid()
    seller = _seller(form, sellers)
    act_for(person_of(request), seller, act=Act.PREPARE)
    stored, status = product if product.pk else None, 422
    try:
        file = take_file(form, owner=seller)
    except StorageUnavailable as error:
        form.add_error("file", str(error.message))
        status = 503
    if "suggest" in request.POST:
        _forget_errors(form)
        return _show(request, form, stored, is_asking=True)
    if form.errors:
        return _show(request, form, stored, status=status)
    form.write(product)
    product.seller, product.picture = seller, file or product.picture
    if not _store(product, form):
        return _show(request, form, stored, status=422)
    messages.success(request, _("%(name)s is saved.") % {"name": product.description})
    return redirect("declarations:products")


def _forget_errors(form: ProductForm) -> None:
    """Who asks for codes is still typing; only a refused file must be told, because it is gone."""
    for name in [name for name in form.errors if name != "file"]:
        del form.errors[name]


def _store(product: Product, form: ProductForm) -> bool:
    try:
        with transaction.atomic():
            if product.pk:
                product.save()
            else:
                lifecycle.register_product(product, at=timezone.now())
    except IntegrityError as error:
        if "product_sku_once_per_seller" not in str(error):
            raise
        product.pk = product.pk if product.reference and not product._state.adding else None
        form.add_error("sku", _("You have a product with this article number already. Choose another one."))
        return False
    return True


def _seller(form: ProductForm, sellers: Sequence[Organisation]) -> Organisation:
    wanted = form.cleaned_data.get("seller", "")
    return next((seller for seller in sellers if seller.reference == wanted), sellers[0])


def _rows(form: ProductForm, product: Product) -> list[Row]:
    answers = product_answers(product) | {"origin": str(countries.name(str(product.origin)))}
    return [Row(str(form.fields[name].label), answer) for name, answer in answers.items() if answer]


def _show(
    request: HttpRequest,
    form: ProductForm,
    product: Product | None,
    *,
    status: int = 200,
    is_asking: bool = False,
    may: Container[str] = (Act.PREPARE,),
) -> HttpResponse:
    title = product.description if product else _("New product")
    context = {
        "form": form,
        "product": product,
        "may": may,
        "rows": _rows(form, product) if product and Act.PREPARE not in may else (),
        "title": title,
        "crumbs": [Crumb(_("Products"), reverse("declarations:products")), Crumb(title)],
        "received": bool(form["stored"].value()),
        "codes": codes_for(request, form, is_asked=is_asking),
        "codes_url": codes_url(),
    }
    return render(request, "declarations/product.html", context, status=status)
