"""The addresses of the seller's pages; public references only."""

from django.urls import path, register_converter

from declarations.views import (
    buyer,
    check,
    codes,
    desk,
    detail,
    documents,
    downloads,
    goods,
    listing,
    overview,
    products,
    sections,
    start,
)


class PublicReference:
    """A reference in an address; anything else is no address of ours."""

    regex = "[A-Za-z0-9_-]{1,40}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(PublicReference, "public")

app_name = "declarations"
_ONE = "declarations/<public:reference>/"

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("buyer/<public:code>/", buyer.notice, name="buyer"),
    path("overview/", overview.overview, name="overview"),
    path("products/", products.products, name="products"),
    path("products/new/", products.product_new, name="product_new"),
    path("products/codes/", codes.codes, name="codes"),
    path("products/<public:reference>/", products.product_edit, name="product_edit"),
    path("products/<public:reference>/picture/", downloads.product_picture, name="product_picture"),
    path("declarations/", listing.listing, name="list"),
    path("declarations/new/", start.new, name="new"),
    path(_ONE, detail.detail, name="detail"),
    path(f"{_ONE}parties/", sections.parties, name="parties"),
    path(f"{_ONE}transport/", sections.transport, name="transport"),
    path(f"{_ONE}goods/", goods.goods, name="goods"),
    path(f"{_ONE}goods/new/", goods.line_new, name="line_new"),
    path(f"{_ONE}goods/forget/", goods.line_forget, name="line_forget"),
    path(f"{_ONE}goods/<int:line_no>/", goods.line_edit, name="line_edit"),
    path(f"{_ONE}goods/<int:line_no>/remove/", goods.line_remove, name="line_remove"),
    path(f"{_ONE}documents/", documents.documents, name="documents"),
    path(
        f"{_ONE}documents/<public:file_reference>/remove/", documents.document_remove, name="document_remove"
    ),
    path(f"{_ONE}inspection/", documents.inspection, name="inspection"),
    path(f"{_ONE}tax/", sections.tax, name="tax"),
    path(f"{_ONE}check/", check.check, name="check"),
    path(f"{_ONE}questions/<public:authority>/answer/", detail.answer, name="answer"),
    path(f"{_ONE}pay/", detail.pay, name="pay"),
    path(f"{_ONE}papers/<public:number>/", downloads.paper, name="paper"),
    path(f"{_ONE}files/<public:file_reference>/", downloads.file, name="file"),
]
