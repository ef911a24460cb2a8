"""Files: clearance papers for the declarant and its agents, supporting documents for officers too."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from declarations.acting import admit
from declarations.looks import note_file
from declarations.models import ClearanceDocument, Declaration, Product, SupportingDocument
from declarations.views.access import own_page
from declarations.views.files import serve
from swindow.accounts.models import Act, authorities_of
from swindow.accounts.signed_in import person_of
from swindow.privacy.bulk import opens_a_record


@require_safe
@own_page(Act.DOWNLOAD)
def paper(request: HttpRequest, declaration: Declaration, number: str) -> HttpResponseBase:
    """Send an issued paper to the declarant or an agent with a mandate."""
    papers = ClearanceDocument.objects.filter(declaration=declaration).select_related("document")
    found = get_object_or_404(papers, document__number=number)
    note_file(person_of(request), declaration, name=number)
    return serve(request, found.document)


@require_safe
@login_required
@opens_a_record
def file(request: HttpRequest, reference: str, file_reference: str) -> HttpResponseBase:
    """Send a supporting document to whoever examines the declaration or may take files from it."""
    user = person_of(request)
    declaration = get_object_or_404(Declaration.objects.for_actor(user), reference=reference)
    authorities = authorities_of(user)
    if not authorities:
        admit(user, declaration, act=Act.VIEW if declaration.is_draft else Act.DOWNLOAD)
    papers = SupportingDocument.objects.filter(declaration=declaration).select_related("file")
    found = papers.filter(file__reference=file_reference).first()
    if found is None:
        raise Http404
    note_file(user, declaration, name=file_reference, authorities=sorted(authorities))
    return serve(request, found.file)


@require_safe
@login_required
def product_picture(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Send the picture or label of a product."""
    products = Product.objects.for_actor(person_of(request)).select_related("picture")
    product = get_object_or_404(products, reference=reference)
    if product.picture is None:
        raise Http404
    return serve(request, product.picture)
