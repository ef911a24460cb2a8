"""The catalogue is complete: a model that names a person is in a provider, or says why it is not."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from swindow.personal_data import CATALOGUE, Keeping, kind_named
from tests.builders import NOW

# Fields that hold something about a person, by their names.
BEGINNINGS = ("email", "contact_", "consignee_", "user_agent")
WHOLE = ("ip", "phone")
NOT_PERSONAL = {
    "accounts.AgentProfile": "what a company tells the public",
    "accounts.CustomsCode": "numbers of companies",
    "account.EmailConfirmation": "belongs to an address and goes with it",
    "admin.LogEntry": "acts of administrators in office",
    "auth.Permission": "names of rights",
    "auth.Group": "names of rights",
    "contenttypes.ContentType": "names of tables",
    "declarations.Assessment": "computed amounts",
    "documents.IssuedDocument": "an official paper: frozen, kept as long as it can be checked",
    "privacy.RetentionRun": "counts",
    "tariffs.PackDraft": "acts of officers in office, published with the law",
}


def covered() -> dict[str, str]:
    return {model: kind.name for kind in CATALOGUE for model in kind.provider.models}


def names_a_person(model: type[models.Model]) -> bool:
    for one in model._meta.get_fields():
        if isinstance(one, models.ForeignKey) and one.related_model is get_user_model():
            return True
        is_text = isinstance(one, models.CharField | models.GenericIPAddressField)
        if is_text and (one.name.startswith(BEGINNINGS) or one.name in WHOLE):
            return True
    return False


def test_every_model_that_names_a_person_is_in_the_catalogue():
    known = {*covered(), *NOT_PERSONAL}
    missing = {model._meta.label for model in apps.get_models() if names_a_person(model)} - known
    assert missing == set(), "give them to a provider in swindow/personal_data.py"


def test_every_model_of_a_provider_exists_and_has_one_provider():
    models_of = [model for kind in CATALOGUE for model in kind.provider.models]
    assert len(models_of) == len(set(models_of))
    assert {apps.get_model(model)._meta.label for model in models_of} == set(models_of)
    assert [model for model in NOT_PERSONAL if model in models_of] == []


def test_every_kind_has_words_a_ground_and_a_name_of_its_own():
    assert len({kind.name for kind in CATALOGUE}) == len(CATALOGUE)
    for kind in CATALOGUE:
        assert (
            str(kind.label)
            and str(kind.purpose).endswith(".")
            and str(kind.keeping.ground).endswith((".", ")."))
        )
        assert kind_named(kind.name) is kind
    # The result of an erasure is mailed to the account, so it goes last.
    assert CATALOGUE[-1].name == "account"


@pytest.mark.parametrize(
    ("keeping", "country", "until", "cutoff"),
    [
        (Keeping("", "", years={"": 7, "DE": 3}), "DE", "2029-12-31", "2023-01-01"),
        (Keeping("", "", years={"": 7, "DE": 3}), "ZZ", "2033-12-31", "2019-01-01"),
        (Keeping("", "", days=30), "", "2026-12-23", "2026-10-24"),
        (Keeping("", ""), "", "None", "None"),
    ],
)
def test_the_end_of_a_period(keeping: Keeping, country: str, until: str, cutoff: str):
    assert str(keeping.until(NOW, country=country)) == until
    assert str(keeping.cutoff(NOW, country=country))[:10] == cutoff
