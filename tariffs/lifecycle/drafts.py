"""Drafts of packs: one officer writes and proposes, another publishes; each step is on record."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.models import User, authorities_of
from swindow.copying import next_ids
from swindow.events.outbox import NewEvent, record
from swindow.problems import Problem, Refused
from swindow.references import reference
from tariffs.drafting.checking import problems_of
from tariffs.drafting.compiling import compile_draft
from tariffs.drafting.edits import GOLDEN, Edit
from tariffs.drafting.golden import read_cases, run_cases
from tariffs.drafting.parameters import PACK
from tariffs.lifecycle.superseding import lock_publishing, refuse_used_version, supersede
from tariffs.models import DraftStatus, PackDraft, RegulationPack
from tariffs.pack_parsing import REGULATIONS, PackTexts
from tariffs.packs import Pack

# Whose officers write the law here.
LAWMAKERS = frozenset(["customs", "tax"])
SUBJECT = "pack_draft"
_VERSION = re.compile(r'^version[ \t]*=[ \t]*"([^"]*)"', re.MULTILINE)
_OWN_ENDING = re.compile(r"-[0-9]+$")


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of a draft's status: where from, where to, and what else is written."""

    before: Sequence[DraftStatus]
    after: DraftStatus
    values: Mapping[str, Any]


def may_draft(user: User) -> bool:
    """Tell whether the person is an officer who may write, propose and publish law."""
    return bool(authorities_of(user) & LAWMAKERS)


@transaction.atomic
def start_draft(jurisdiction: str, *, note: str, by: User, at: datetime) -> PackDraft:
    """Begin the next version of a jurisdiction's current pack; raises Refused (PD-01, PD-02, PD-03)."""
    _check_officer(by)
    lock_publishing()
    base = RegulationPack.objects.current().filter(jurisdiction=jurisdiction).first()
    if base is None:
        raise Refused([_no_pack(jurisdiction)])
    if PackDraft.objects.open().filter(jurisdiction=jurisdiction).exists():
        raise Refused([_one_is_open()])
    version = _next_version(base)
    files = {**_files_of(base), PACK: _with_version(base.content[PACK], version)}
    number = next_ids("tariffs_packdraft_id_seq", 1)[0]
    draft = PackDraft.objects.create(
        pk=number,
        reference=reference("PD", number, on=at.date()),
        jurisdiction=jurisdiction,
        based_on=base,
        version=version,
        files=files,
        sha256=PackTexts(files=files).sha256,
        note=note,
        author=by,
        created_at=at,
    )
    _record(draft, "pack_draft.started", by=by, at=at, version=version, note=note)
    return draft


@transaction.atomic
def edit_draft(draft: PackDraft, *, edit: Edit, seen: str, by: User, at: datetime) -> PackDraft:
    """Change a draft that is being written; `seen` is the SHA-256 of what the author was shown.

    Raises Refused: PD-04 to PD-06, or what the edit itself finds.
    """
    draft = _locked(draft, statuses=[DraftStatus.DRAFT], by=by)
    if draft.author_id != by.pk:
        raise Refused([_not_the_author(draft)])
    _check_seen(draft, seen)
    facts = edit.facts(draft.files)
    files = dict(edit.applied(draft.files, base=published_files(draft)))
    if files == draft.files:
        return draft
    draft.files, draft.sha256 = files, PackTexts(files=files).sha256
    draft.version = _version_of(files) or draft.version
    draft.save(update_fields=["files", "sha256", "version"])
    _record(draft, "pack_draft.edited", by=by, at=at, sha256=draft.sha256, **facts)
    return draft


@transaction.atomic
def propose(draft: PackDraft, *, seen: str, by: User, at: datetime) -> PackDraft:
    """Ask for a second person; raises Refused (PD-04, PD-05, PD-07, PD-08) while anything is wrong."""
    draft = _locked(draft, statuses=[DraftStatus.DRAFT], by=by)
    _check_seen(draft, seen)
    _check_law(draft)
    step = _Step([DraftStatus.DRAFT], DraftStatus.PROPOSED, {"proposed_by": by, "proposed_at": at})
    _go(draft, step)
    _record(draft, "pack_draft.proposed", by=by, at=at, sha256=draft.sha256)
    return draft


@transaction.atomic
def send_back(draft: PackDraft, *, note: str, by: User, at: datetime) -> PackDraft:
    """Give a proposed draft back to its author with a reason; raises Refused (PD-04)."""
    draft = _locked(draft, statuses=[DraftStatus.PROPOSED], by=by)
    nobody = {"proposed_by": None, "proposed_at": None}
    _go(draft, _Step([DraftStatus.PROPOSED], DraftStatus.DRAFT, nobody))
    _record(draft, "pack_draft.sent_back", by=by, at=at, note=note)
    return draft


@transaction.atomic
def withdraw(draft: PackDraft, *, note: str, by: User, at: datetime) -> PackDraft:
    """End a draft that will not become law; raises Refused (PD-04)."""
    open_ones = [DraftStatus.DRAFT, DraftStatus.PROPOSED]
    draft = _locked(draft, statuses=open_ones, by=by)
    ended = {"withdrawn_by": by, "withdrawn_at": at, "proposed_by": None, "proposed_at": None}
    _go(draft, _Step(open_ones, DraftStatus.WITHDRAWN, ended))
    _record(draft, "pack_draft.withdrawn", by=by, at=at, note=note)
    return draft


@transaction.atomic
def publish(draft: PackDraft, *, seen: str, by: User, at: datetime) -> RegulationPack:
    """Make a proposed draft law, by a second person, and return the pack's row.

    Raises Refused: PD-04, PD-05, PD-07 to PD-10. Of two publishers at once exactly one succeeds.
    """
    # In this order everywhere: load_packs holds the lock of publishing alone.
    lock_publishing()
    draft = _locked(draft, statuses=[DraftStatus.PROPOSED], by=by)
    if by.pk in (draft.author_id, draft.proposed_by_id):
        raise Refused([_needs_a_second_person()])
    _check_seen(draft, seen)
    pack = _check_law(draft)
    row = supersede(pack, files=draft.files, at=at)
    done = {"published_by": by, "published_at": at, "published_as": row}
    _go(draft, _Step([DraftStatus.PROPOSED], DraftStatus.PUBLISHED, done))
    _record(draft, "pack_draft.published", by=by, at=at, version=pack.version, sha256=pack.sha256)
    return row


def published_files(draft: PackDraft) -> dict[str, str]:
    """Return what the draft is compared with and put back to: the published files, under its own version."""
    files = _files_of(draft.based_on)
    return {**files, PACK: _with_version(files[PACK], draft.version)}


def _files_of(base: RegulationPack) -> dict[str, str]:
    """Return a published pack's files; its golden cases stand in the folder until officers publish theirs."""
    golden = REGULATIONS / base.jurisdiction.lower() / GOLDEN
    text = golden.read_text(encoding="utf-8") if golden.is_file() else "[]\n"
    return {GOLDEN: text, **base.content}


def _next_version(base: RegulationPack) -> str:
    stem = _OWN_ENDING.sub("", base.version)
    used = set(
        RegulationPack.objects.filter(
            jurisdiction=base.jurisdiction, version__startswith=f"{stem}-"
        ).values_list("version", flat=True)
    )
    return next(version for number in range(1, len(used) + 2) if (version := f"{stem}-{number}") not in used)


def _with_version(text: str, version: str) -> str:
    return _VERSION.sub(f'version = "{version}"', text, count=1)


def _version_of(files: Mapping[str, str]) -> str:
    try:
        version = tomllib.loads(files[PACK]).get("version")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""
    return version if isinstance(version, str) and 0 < len(version) <= 40 else ""


def _locked(draft: PackDraft, *, statuses: Sequence[DraftStatus], by: User) -> PackDraft:
    _check_officer(by)
    draft = PackDraft.objects.select_for_update(of=("self",)).select_related("based_on").get(pk=draft.pk)
    if draft.status not in statuses:
        raise Refused([_other_status(draft)])
    return draft


def _check_officer(by: User) -> None:
    if not may_draft(by):
        message = _("Only officers of customs and of the tax office write law.")
        raise Refused([Problem("", "PD-01", message, _("Ask one of them."))])


def _check_seen(draft: PackDraft, seen: str) -> None:
    if seen != draft.sha256:
        message = _("The draft was changed after this page was shown to you.")
        raise Refused([Problem("", "PD-05", message, _("Look at it again, then decide."))])


def _check_law(draft: PackDraft) -> Pack:
    """Return the compiled draft; raises Refused with everything that keeps it from being law."""
    if draft.based_on.superseded_by_id is not None:
        raise Refused([_base_superseded()])
    found = problems_of(draft.files, jurisdiction=draft.jurisdiction)
    if found:
        raise Refused([_file_problem(problem.file, problem.line, problem.message) for problem in found])
    pack = compile_draft(draft.files)
    report = run_cases(read_cases(draft.files[GOLDEN]), pack=pack)
    if report.failed:
        raise Refused([_case_fails(case.name) for case in report.failed])
    refuse_used_version(pack)
    return pack


def _go(draft: PackDraft, step: _Step) -> None:
    """Compare and set, so that even without the lock a draft goes this way once."""
    rows = PackDraft.objects.filter(pk=draft.pk, status__in=step.before)
    if not rows.update(status=step.after, **step.values):
        raise Refused([_other_status(draft)])
    draft.refresh_from_db()


def _no_pack(jurisdiction: str) -> Problem:
    message = _("No pack of %(jurisdiction)s is published.") % {"jurisdiction": jurisdiction}
    return Problem("jurisdiction", "PD-02", message, _("Have its folder published first."))


def _one_is_open() -> Problem:
    message = _("This jurisdiction has an open draft already.")
    return Problem("jurisdiction", "PD-03", message, _("Open it, or have it withdrawn."))


def _other_status(draft: PackDraft) -> Problem:
    draft.refresh_from_db(fields=["status"])
    message = _("This cannot be done any more: the draft is now “%(status)s”.")
    return Problem("", "PD-04", message % {"status": draft.get_status_display()}, _("Open it again."))


def _not_the_author(draft: PackDraft) -> Problem:
    message = _("%(author)s writes this draft.") % {"author": draft.author}
    return Problem("", "PD-06", message, _("Ask for the change, or withdraw the draft and begin your own."))


def _needs_a_second_person() -> Problem:
    message = _("You wrote or proposed this draft, and law is published by a second person.")
    return Problem("", "PD-10", message, _("Leave it to a colleague."))


def _base_superseded() -> Problem:
    message = _("Another version was published since this draft was begun.")
    return Problem("", "PD-09", message, _("Withdraw it and begin again from the current version."))


def _file_problem(file: str, line: int, message: str) -> Problem:
    place = _("%(file)s, line %(line)d") % {"file": file, "line": line} if line else file
    return Problem("", "PD-07", f"{place}: {message}")


def _case_fails(name: str) -> Problem:
    message = _("The golden case “%(name)s” fails.") % {"name": name}
    return Problem("", "PD-08", message, _("Mend the law, or work the case out again."))


def _record(draft: PackDraft, kind: str, *, by: User, at: datetime, **payload: str) -> None:
    facts = {"jurisdiction": draft.jurisdiction, **payload}
    record([NewEvent(SUBJECT, draft.pk, kind, by.actor, facts)], at=at)
