"""Precedents: what was accepted before speaks for its subheading, each source once."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tariffs.classification import suggest
from tariffs.classification.precedents import NewPrecedent, learn, stored_precedents
from tariffs.classification.words import phrase
from tariffs.models.precedents import Precedent, PrecedentWord

pytestmark = pytest.mark.django_db


def _made_up_words(count: int) -> list[str]:
    letters = "bcdfghklmn"
    return ["qu" + "".join(letters[int(digit)] for digit in f"{number:04}") for number in range(count)]


def _declared(text: str, hs6: str, *, source: str = "declarant:1") -> NewPrecedent:
    return NewPrecedent(text, hs6, "declaration", source)


def _by_three(text: str, hs6: str) -> list[NewPrecedent]:
    """Three declarants: as many as it takes until anybody is shown it."""
    return [_declared(text, hs6, source=f"declarant:{number}") for number in range(3)]


def test_an_accepted_text_leads_to_its_subheading_again() -> None:
    """The same words bring the same code to the top, with the reason."""
    learn(_by_three("quilibrium pro mk2", "902790"))
    best = suggest("quilibrium pro mk2", precedents=stored_precedents).candidates[0]
    assert best.hs6 == "902790"
    assert best.reasons[0].kind == "precedent"
    assert "quilibrium" in best.reasons[0].words
    assert "3 times" in best.reasons[0].sentence


def test_what_fewer_than_three_declarants_wrote_is_shown_to_nobody() -> None:
    """Who asks for a rival's product by name learns nothing: no reason, no rank, no number."""
    learn(
        [
            _declared("quilibrium pro mk2", "902790", source=source)
            for source in ("declarant:1", "declarant:2")
        ]
    )
    learn([_declared("quilibrium ultra", "902790", source="declarant:1")])
    assert stored_precedents(phrase("quilibrium pro mk2")) == {}
    learn([_declared("quilibrium ultra", "902790", source="declarant:3")])
    found = stored_precedents(phrase("quilibrium pro mk2"))["902790"]
    # Three know the words; of this very text there are only two.
    assert (found.declarants, "quilibrium" in found.words) == (0, True)


def test_the_number_counts_declarants_and_never_says_who_or_what() -> None:
    """Learning twice changes nothing; the sentence holds a number and no word of anybody's text."""
    for _ in range(2):
        learn([_declared("quilibrium pro mk2", "902790", source=f"declarant:{one}") for one in range(4)])
    [reason] = [
        reason
        for candidate in suggest("quilibrium pro mk2", precedents=stored_precedents).candidates
        for reason in candidate.reasons
        if reason.kind == "precedent"
    ]
    assert "4 times" in reason.sentence
    assert "quilibrium" not in reason.sentence
    assert "declarant:" not in reason.sentence


def test_a_look_up_is_one_query_and_learning_two() -> None:
    """Whatever the number of words or precedents."""
    batch = [one for word in _made_up_words(500) for one in _by_three(f"{word} cotton towel", "630260")]
    with CaptureQueriesContext(connection) as learned:
        assert learn(batch) == 1500
    statements = [query["sql"] for query in learned if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) == 2
    with CaptureQueriesContext(connection) as asked:
        assert stored_precedents(phrase("striped cotton bath towel set"))
    assert len(asked) == 1


def test_a_source_counts_once_however_often_it_repeats_itself() -> None:
    """Nobody outvotes the others by repeating a mistake."""
    learn([_declared("wobbleboard deluxe", "950699")] * 50)
    learn([_declared("wobbleboard deluxe", "950699")] * 50)
    assert Precedent.objects.count() == 1
    assert set(PrecedentWord.objects.values_list("weight", flat=True)) == {1}


def test_a_ruling_weighs_more_than_a_declaration() -> None:
    """A ruling binds; a declaration was only not objected to."""
    learn([*_by_three("glimmerstick", "960990"), NewPrecedent("glimmerstick", "330420", "ruling", "GB123")])
    found = stored_precedents(phrase("glimmerstick"))
    assert found["330420"].weight > found["960990"].weight


def test_a_word_shared_by_many_subheadings_decides_nothing() -> None:
    """The word's weight is divided among all that share it."""
    codes = ("610910", "620443", "630260", "420292", "640411")
    learn([one for code in codes for one in _by_three("fizzbuzz", code)])
    learn(_by_three("quuxel", "950300"))
    shared, alone = stored_precedents(phrase("fizzbuzz")), stored_precedents(phrase("quuxel"))
    assert max(one.weight for one in shared.values()) < alone["950300"].weight / 2


def test_what_names_nothing_teaches_nothing() -> None:
    """Texts without words and codes outside HS 2022 are left out."""
    assert (
        learn([_declared("12 x 30", "610910"), _declared("socks", "777777"), _declared("socks", "61")]) == 0
    )
    assert learn([]) == 0
    assert stored_precedents(()) == {}


def test_the_database_refuses_what_is_no_subheading() -> None:
    """Constraints hold whoever writes."""
    with pytest.raises(IntegrityError, match="precedent_word_hs6_form"), transaction.atomic():
        PrecedentWord.objects.create(word="sock", hs6="61", weight=1)
    with pytest.raises(IntegrityError, match="precedent_known_kind"), transaction.atomic():
        Precedent.objects.create(text="sock", text_key="=1", hs6="611595", kind="rumour", source="x")


def test_the_look_up_reads_an_index() -> None:
    """No scan of the whole table, however many words it has."""
    words = _made_up_words(3000)
    learn([_declared(word, "630260") for word in words])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tariffs_precedentword")
        cursor.execute("EXPLAIN SELECT hs6 FROM tariffs_precedentword WHERE word = ANY(%s)", [[words[7]]])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "precedent_word_once" in plan
