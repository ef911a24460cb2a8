"""The clearance papers: listed and downloaded by the declarant and its agents alone."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from declarations.api.access import own_declaration
from declarations.api.serializers.case import PaperOut, PapersOut
from declarations.models import ClearanceDocument
from swindow.accounts.models import Act
from swindow.api.schema import problems
from swindow.documents.downloads import download_response
from swindow.documents.issuing import verification_url
from swindow.documents.rules import is_document_number


@extend_schema(
    operation_id="list_papers", tags=["Papers"], responses={200: PapersOut, **problems(401, 403, 404)}
)
@api_view(["GET"])
def list_papers(request: Request, reference: str) -> Response:
    """List the papers; `issuing` ones have a number but no file yet."""
    declaration = own_declaration(request, reference)
    papers = (
        ClearanceDocument.objects.filter(declaration=declaration).select_related("document").order_by("pk")
    )
    for paper in papers:
        paper.verification_url = verification_url(paper.document)  # type: ignore[attr-defined]
    return Response({"results": [PaperOut(paper).data for paper in papers]})


@extend_schema(
    operation_id="download_paper",
    tags=["Papers"],
    responses={
        (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The sealed PDF"),
        **problems(401, 403, 404, 409, 503),
    },
)
@api_view(["GET"])
def download_paper(request: Request, reference: str, number: str) -> FileResponse:
    """Download one paper as a sealed PDF; 409 while it is being issued."""
    declaration = own_declaration(request, reference, act=Act.DOWNLOAD)
    papers = ClearanceDocument.objects.filter(declaration=declaration).select_related("document")
    paper = papers.filter(document__number=number).first() if is_document_number(number) else None
    if paper is None:
        raise NotFound
    return download_response(paper.document)
