"""One review, and the papers of its declaration."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from declarations.looks import note_officer
from declarations.statement import read_statements
from inspection.views.access import review_of
from inspection.views.page import review_page
from swindow.documents.downloads import trouble_response, view_response
from swindow.documents.errors import FileNotReady, StorageUnavailable
from swindow.privacy.bulk import opens_a_record


@login_required
@require_safe
@opens_a_record
def review(request: HttpRequest, authority: str, reference: str) -> HttpResponse:
    """Show what is declared, what was found, and the decision to take."""
    found, officer = review_of(request, authority=authority, reference=reference)
    return review_page(request, found, officer=officer)


@login_required
@require_safe
@opens_a_record
def paper(request: HttpRequest, authority: str, reference: str, number: int) -> HttpResponseBase:
    """Hand out one of the declaration's papers, numbered in their order, for the viewer."""
    found, officer = review_of(request, authority=authority, reference=reference)
    papers = read_statements([found.declaration_id])[found.declaration_id].documents
    if not 1 <= number <= len(papers):
        raise Http404
    file = papers[number - 1].file
    note_officer(officer, found.declaration, authority=authority, paper=file.reference)
    try:
        return view_response(file)
    except (FileNotReady, StorageUnavailable) as trouble:
        return trouble_response(trouble)
