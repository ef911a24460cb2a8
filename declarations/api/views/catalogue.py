"""Products and uploaded files."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view, parser_classes
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from declarations import lifecycle
from declarations.api.access import caller, is_reference, seller_for
from declarations.api.paging import PARAMETERS, page
from declarations.api.serializers.products import FileIn, FileOut, ProductIn, ProductOut, ProductPage
from declarations.models import Product
from swindow.accounts.models import Organisation
from swindow.api.schema import problems
from swindow.documents.models import StoredFile
from swindow.documents.uploads import store_upload
from swindow.problems import Problem, Refused


class Products(APIView):
    """The catalogue."""

    @extend_schema(
        operation_id="list_products",
        tags=["Products"],
        parameters=[*PARAMETERS, OpenApiParameter("sku", str, description="Only this article number")],
        responses={200: ProductPage, **problems(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """List products, newest first."""
        rows = Product.objects.for_actor(caller(request)).select_related("seller", "picture")
        if sku := request.query_params.get("sku", "").replace("\0", ""):
            rows = rows.filter(sku=sku[:40])
        return page(request, rows, show=lambda found: [ProductOut(one).data for one in found])

    @extend_schema(
        operation_id="register_product",
        tags=["Products"],
        request=ProductIn,
        responses={201: ProductOut, **problems(400, 401, 403, 409, 422)},
    )
    def post(self, request: Request) -> Response:
        """Register a product; an article number that the seller has already is a 409."""
        given = ProductIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        seller = seller_for(caller(request), values.pop("seller"), path="seller")
        picture = _picture(values.pop("picture"), owner=seller)
        product = lifecycle.register_product(
            Product(seller=seller, picture=picture, **values), at=timezone.now()
        )
        return Response(ProductOut(product).data, status=201)


@extend_schema(
    operation_id="read_product", tags=["Products"], responses={200: ProductOut, **problems(401, 403, 404)}
)
@api_view(["GET"])
def read_product(request: Request, reference: str) -> Response:
    """Read one product."""
    rows = Product.objects.for_actor(caller(request)).select_related("seller", "picture")
    found = rows.filter(reference=reference).first() if is_reference(reference) else None
    if found is None:
        raise NotFound
    return Response(ProductOut(found).data)


@extend_schema(
    operation_id="upload_file",
    tags=["Files"],
    request={"multipart/form-data": FileIn},
    responses={201: FileOut, **problems(400, 401, 403, 422, 503)},
)
@api_view(["POST"])
@parser_classes([MultiPartParser])
def upload_file(request: Request) -> Response:
    """Send a PDF, JPEG or PNG of at most 10 MB; the answer's reference names it in a draft."""
    given = FileIn(data=request.data)
    given.is_valid(raise_exception=True)
    seller = seller_for(caller(request), given.validated_data["seller"], path="seller")
    sent = given.validated_data["file"]
    stored = store_upload(sent, owner_id=seller.pk, name=sent.name, at=timezone.now())
    return Response(FileOut(stored).data, status=201)


def _picture(reference: str, *, owner: Organisation) -> StoredFile | None:
    if not reference:
        return None
    files = StoredFile.objects.filter(owner_id=owner.pk, reference=reference)
    found = files.exclude(state=StoredFile.State.REFUSED).first()
    if found is None:
        raise Refused([Problem("picture", "not_found", _("There is no such file, or it is not yours."))])
    return found
