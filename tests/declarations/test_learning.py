"""Released goods teach which codes texts were accepted under; nobody reads a rival's text from it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from declarations import handlers
from declarations.models import Declaration
from swindow import subscriptions
from swindow.accounts.models import User
from swindow.events.models import Event
from swindow.events.worker import Occurrence
from tariffs.models.precedents import Precedent, PrecedentWord
from tests import builders
from tests.declarations.test_particulars import released

pytestmark = pytest.mark.django_db
TEXT = "Quilibrium pro, desk instrument"


def release(person: User, *, text: str = TEXT) -> Declaration:
    """Release a declaration of one line with the text."""
    goods = [builders.goods_item(1, code="90279000", description=text)]
    return released(builders.draft(person, goods=goods), by=person)


def learn(*declarations: Declaration) -> None:
    """Hand the release of the declarations to the handler."""
    keys = [declaration.pk for declaration in declarations]
    events = Event.objects.filter(subject_id__in=keys, kind="declaration.released")
    handlers.learn_precedents(
        [
            Occurrence(event.pk, event.kind, event.subject_id, event.occurred_at, event.actor, event.payload)
            for event in events
        ]
    )


def reasons(person: User) -> list[str]:
    """Return the reasons that the portal shows a person for the text, for the code that was accepted."""
    client = Client()
    client.force_login(person)
    answer = client.get(reverse("declarations:codes"), {"commodity_code": TEXT})
    return [
        reason
        for heading in answer.context["codes"].headings
        for one in heading.codes
        if one.code == "902790"
        for reason in one.reasons
        if "before" in reason
    ]


def test_learning_listens_to_the_release() -> None:
    heard = dict(subscriptions.SUBSCRIPTIONS["declaration.released"])
    assert "declarations.handlers.learn_precedents" in heard.values()


def test_released_goods_become_a_precedent_once_however_often_it_is_told(seller: User) -> None:
    declaration = release(seller)
    for _ in range(3):
        learn(declaration)
    learn(release(seller))
    precedent = Precedent.objects.get()
    assert (precedent.hs6, precedent.kind) == ("902790", "declaration")
    assert precedent.source == f"declarant:{declaration.declarant.reference}"
    assert set(PrecedentWord.objects.values_list("weight", flat=True)) == {1}


def test_what_is_not_released_teaches_nothing(seller: User) -> None:
    draft = builders.draft(seller)
    event = Occurrence(1, "declaration.released", draft.pk, builders.NOW, "portal", {})
    handlers.learn_precedents([event])
    assert not Precedent.objects.exists()


def test_many_releases_are_learnt_in_three_statements(seller: User) -> None:
    learn(release(seller, text="Warm up the packs"))
    declarations = [release(seller, text=f"Quilibrium number {word}") for word in ("ab", "cd", "ef")]
    keys = [declaration.pk for declaration in declarations]
    events = [Occurrence(key, "declaration.released", key, builders.NOW, "portal", {}) for key in keys]
    with CaptureQueriesContext(connection) as learnt:
        handlers.learn_precedents(events)
    sent = [query["sql"] for query in learnt if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sent) == 3
    assert Precedent.objects.count() == 4


def test_a_rival_learns_nothing_of_a_text_before_three_declarants_had_it_accepted(
    seller: User, rival: User
) -> None:
    learn(release(seller), release(builders.seller(name="Second")))
    assert reasons(rival) == []
    learn(release(builders.seller(name="Third")))
    [reason] = reasons(rival)
    assert "3 times" in reason
    assert not [word for word in ("Quilibrium", "Brightway", "Second", "ORG-") if word in reason]
