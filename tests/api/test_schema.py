"""The schema describes every operation, and has no errors of its own."""

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

OPERATIONS = {
    "list_products", "register_product", "read_product", "upload_file", "list_declarations", "create_draft",
    "read_declaration", "replace_draft", "change_draft", "read_assessment", "lodge", "read_timeline",
    "list_questions", "answer_question", "pay", "list_papers", "download_paper", "payment_notices",
    "agency_events", "agency_decisions", "assess", "list_exchange_rates",
    "search_commodities", "read_commodity",
}  # fmt: skip


def test_the_schema_names_every_operation() -> None:
    schema = SchemaGenerator().get_schema(public=True)
    validate_schema(schema)
    found = {
        operation["operationId"]
        for address, item in schema["paths"].items()
        for operation in item.values()
        if address != "/api/v1/schema"
    }
    assert found == OPERATIONS


@pytest.mark.django_db
def test_the_schema_is_public() -> None:
    assert Client().get("/api/v1/schema").status_code == 200


@pytest.mark.django_db
def test_the_page_for_people_runs_only_our_own_scripts() -> None:
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count("<script") == text.count('<script nonce="') == 2
    assert "http://" not in text
    assert "https://" not in text
