"""Addresses of the API, below /api/v1/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from declarations.api.views import cases, catalogue, drafts, notices, papers, reference

app_name = "api"

_ONE = "declarations/<str:reference>"

urlpatterns = [
    path(
        "schema", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"
    ),
    path("docs", reference.reference, name="docs"),
    path("products", catalogue.Products.as_view(), name="products"),
    path("products/<str:reference>", catalogue.read_product, name="product"),
    path("files", catalogue.upload_file, name="files"),
    path("declarations", drafts.Declarations.as_view(), name="declarations"),
    path(_ONE, drafts.OneDeclaration.as_view(), name="declaration"),
    path(f"{_ONE}/assessment", cases.read_assessment, name="assessment"),
    path(f"{_ONE}/lodge", cases.lodge, name="lodge"),
    path(f"{_ONE}/timeline", cases.read_timeline, name="timeline"),
    path(f"{_ONE}/questions", cases.list_questions, name="questions"),
    path(f"{_ONE}/questions/<int:number>/answer", cases.answer_question, name="answer"),
    path(f"{_ONE}/pay", cases.pay, name="pay"),
    path(f"{_ONE}/papers", papers.list_papers, name="papers"),
    path(f"{_ONE}/papers/<str:number>", papers.download_paper, name="paper"),
    path("payments/notices", notices.payment_notices, name="payment_notices"),
]
