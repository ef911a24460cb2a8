"""Supporting documents: uploaded with the figures they state, listed, removed; and what must be there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from declarations import lifecycle
from declarations.forms.documents import DocumentForm
from declarations.models import Declaration, DraftAnswer, GoodsItem, SupportingDocument
from declarations.views.access import draft_page, is_autosave
from declarations.views.files import take_file
from declarations.views.frame import draft_context, saved_words
from declarations.views.inspection_page import requirements
from declarations.views.judging import judge_draft
from declarations.views.tasks import section_url
from swindow.accounts.models import Act
from swindow.components import FileEntry, FileState
from swindow.dates import day
from swindow.documents.errors import StorageUnavailable
from swindow.documents.models import StoredFile

_SECTION = "documents.new"
_STATES: dict[str, FileState] = {"quarantined": "waiting", "refused": "refused"}


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page()
def documents(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """Show the papers and take another one."""
    if request.method == "POST":
        return _add(request, draft)
    kept = _kept(draft)
    asked = {name: request.GET[name] for name in ("kind", "line") if name in request.GET}
    if kept:
        return _show(request, draft, DocumentForm(kept | asked, lines=_lines(draft)))
    return _show(request, draft, DocumentForm(initial=asked, lines=_lines(draft)))


@require_POST
@draft_page()
def document_remove(request: HttpRequest, draft: Declaration, file_reference: str) -> HttpResponse:
    """Take a paper out of the draft."""
    if lifecycle.detach(draft, file_reference=file_reference, at=timezone.now()):
        messages.success(request, _("The document is removed."))
    return redirect(section_url("documents", draft.reference))


@require_safe
@draft_page(Act.VIEW)
def inspection(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """Show which certificates the goods need, and who will look at them."""
    judgement = judge_draft(draft, at=timezone.now())
    context = draft_context(draft, judgement, section="inspection", needs=requirements(judgement))
    return render(request, "declarations/inspection.html", context)


def file_entries(draft: Declaration, papers: list[SupportingDocument]) -> list[FileEntry]:
    """Return papers as a list of files, with what this reader may do with them."""
    return [
        FileEntry(
            paper.file.original_name,
            _note(paper),
            _file_url(draft, paper),
            _state(paper.file),
            reverse("declarations:document_remove", args=[draft.reference, paper.file.reference])
            if draft.is_draft and Act.PREPARE in draft.powers.acts
            else "",
        )
        for paper in papers
    ]


def papers_of(declaration: Declaration) -> list[SupportingDocument]:
    """Return the papers of a declaration with their files and lines."""
    papers = SupportingDocument.objects.filter(declaration=declaration)
    return list(papers.select_related("file", "goods_item").order_by("pk"))


def _add(request: HttpRequest, draft: Declaration) -> HttpResponse:
    now, lines = timezone.now(), _lines(draft)
    form = DocumentForm(request.POST, request.FILES, lines=lines)
    if is_autosave(request):
        lifecycle.keep_typed(draft, section=_SECTION, typed=form.typed(), at=now)
        return JsonResponse(saved_words(now))
    form.is_valid()
    file, status = None, 422
    try:
        file = take_file(form, owner=draft.declarant)
    except StorageUnavailable as error:
        form.add_error("file", str(error.message))
        status = 503
    if form.errors or file is None:
        lifecycle.keep_typed(draft, section=_SECTION, typed=form.typed(), at=now)
        return _show(request, draft, form, status=status)
    document = form.document(lines=lines)
    document.file = file
    lifecycle.attach(draft, document=document, at=now)
    lifecycle.keep_typed(draft, section=_SECTION, typed={}, at=now)
    messages.success(request, _("%(name)s is added.") % {"name": file.original_name})
    return redirect(section_url("documents", draft.reference))


def _show(request: HttpRequest, draft: Declaration, form: DocumentForm, *, status: int = 200) -> HttpResponse:
    judgement = judge_draft(draft, at=timezone.now())
    papers = papers_of(draft)
    problems = judgement.of("documents") if papers and not form.is_bound else []
    context = draft_context(
        draft,
        judgement,
        section="documents",
        form=form,
        problems=problems,
        files=file_entries(draft, papers),
        needs=requirements(judgement),
        received=_received(draft, form),
        autosave_url=f"{section_url('documents', draft.reference)}?autosave=1",
    )
    return render(request, "declarations/documents.html", context, status=status)


def _received(draft: Declaration, form: DocumentForm) -> str:
    reference = str(form["stored"].value() or "")
    if not reference or "\0" in reference:
        return ""
    files = StoredFile.objects.filter(owner_id=draft.declarant_id, reference=reference)
    return files.values_list("original_name", flat=True).first() or ""


def _kept(draft: Declaration) -> dict[str, str]:
    answer = DraftAnswer.objects.filter(declaration=draft, section=_SECTION).first()
    return {name: values[-1] for name, values in answer.typed.items() if values} if answer else {}


def _lines(draft: Declaration) -> list[GoodsItem]:
    return list(GoodsItem.objects.filter(declaration=draft).order_by("line_no"))


def _file_url(declaration: Declaration, paper: SupportingDocument) -> str:
    # What somebody prepares they also look at; once it is lodged, taking files away is a right of its own.
    if not declaration.is_draft and Act.DOWNLOAD not in declaration.powers.acts:
        return ""
    return reverse("declarations:file", args=[declaration.reference, paper.file.reference])


def _state(file: StoredFile) -> FileState:
    return _STATES.get(file.state, "checked" if file.scanned_at else "kept")


def _note(paper: SupportingDocument) -> str:
    item = paper.goods_item
    parts = [str(paper.get_kind_display()), paper.number, paper.issuer]
    if paper.issued_on:
        parts.append(day(paper.issued_on))
    parts.append(_("line %(line)s") % {"line": item.line_no} if item else _("all lines"))
    parts.append(_("%(size)s kB") % {"size": max(1, paper.file.size // 1000)})
    return pgettext("between parts", ", ").join(part for part in parts if part)
