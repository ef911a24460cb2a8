"""What privacy itself keeps of a person, for the catalogue of `swindow.personal_data`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pgtrigger
from django.db.models import Q, QuerySet

from swindow.documents import storage
from swindow.events.models import Event
from swindow.personal_data import Keeping, Outcome, Provider
from swindow.privacy.lifecycle import end_copies
from swindow.privacy.models import Consent, DataCopy, Erasure
from swindow.vault.models import Look

Row = Mapping[str, Any]


def _audit(person: int) -> Iterator[Row]:
    for event in _acts_of(person).order_by("pk").iterator():
        yield {"act": event.kind, "of": event.subject_kind, "at": event.occurred_at, "under": event.actor}


def _acts_of(person: int) -> QuerySet[Event]:
    # An agent's acts name the mandate after the person.
    own = Q(actor=f"user:{person}") | Q(actor__startswith=f"user:{person} ")
    return Event.objects.filter(own | Q(subject_kind="user", subject_id=person))


def _keep_audit(person: int, at: datetime, keeping: Keeping) -> Outcome:
    return Outcome(kept=_acts_of(person).count(), until=keeping.until(at))


def _looks(person: int) -> Iterator[Row]:
    for look in Look.objects.filter(subject=f"user:{person}").order_by("pk"):
        yield {
            "who": look.capacity,
            "saw": look.what,
            "reference": look.reference,
            "first_at": look.first_at,
            "times": look.times,
        }


def _keep_looks(person: int, at: datetime, keeping: Keeping) -> Outcome:
    kept = Look.objects.filter(Q(subject=f"user:{person}") | Q(viewer=person)).count()
    return Outcome(kept=kept, until=keeping.until(at) if kept else None)


def _expire_looks(at: datetime, keeping: Keeping) -> int:
    # The only place that removes from the ledger, and only what is older than every record it tells of.
    with pgtrigger.ignore("vault.Look:look_kept"):
        return Look.objects.filter(first_at__lt=keeping.cutoff(at)).delete()[0]


def _consents(person: int) -> Iterator[Row]:
    for consent in Consent.objects.filter(person=person).order_by("pk"):
        yield {"version": consent.version, "language": consent.language, "agreed_at": consent.given_at}


def _keep_consents(person: int, at: datetime, keeping: Keeping) -> Outcome:
    kept = Consent.objects.filter(person=person).count()
    return Outcome(kept=kept, until=keeping.until(at) if kept else None)


def _expire_consents(at: datetime, keeping: Keeping) -> int:
    """Forget the consents of people who are gone."""
    over = Consent.objects.filter(given_at__lt=keeping.cutoff(at), person__is_active=False)
    return over.filter(person__erasures__status=Erasure.Status.DONE).delete()[0]


def _copies(person: int) -> Iterator[Row]:
    for copy in DataCopy.objects.filter(person=person).order_by("pk"):
        yield {"what": "copy", "reference": copy.reference, "asked_at": copy.asked_at, "status": copy.status}
    for erasure in Erasure.objects.filter(person=person).order_by("pk"):
        yield {"what": "erasure", "reference": erasure.reference, "asked_at": erasure.asked_at}


def _erase_copies(person: int, at: datetime, keeping: Keeping) -> Outcome:
    return Outcome(erased=_remove(DataCopy.objects.filter(person=person)))


def _expire_copies(at: datetime, keeping: Keeping) -> int:
    return _remove(DataCopy.objects.filter(expires_at__lt=at))


def _remove(copies: QuerySet[DataCopy]) -> int:
    over = list(copies.filter(status=DataCopy.Status.READY).order_by("pk"))
    for copy in over:
        storage.remove(copy.storage_key)
    return end_copies(over)


AUDIT = Provider(("events.Event",), _audit, _keep_audit)
LOOKS = Provider(("vault.Look",), _looks, _keep_looks, _expire_looks)
CONSENTS = Provider(("privacy.Consent",), _consents, _keep_consents, _expire_consents)
COPIES = Provider(("privacy.DataCopy", "privacy.Erasure"), _copies, _erase_copies, _expire_copies)
