"""The sections that are one form each: parties, transport, tax."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from declarations import lifecycle
from declarations.buyers import FIELD, hint_of_number
from declarations.forms.parties import PartiesForm
from declarations.forms.section import SectionForm
from declarations.forms.tax import TaxForm
from declarations.forms.transport import TransportForm
from declarations.models import Declaration, DraftAnswer
from declarations.savings import savings_of
from declarations.views.access import draft_page, is_autosave
from declarations.views.frame import draft_context, saved_words
from declarations.views.judging import Judgement, judge_draft
from declarations.views.tasks import section_url

_FOLLOWING = {"parties": "transport", "transport": "goods", "tax": "check"}
Make = Callable[..., SectionForm]


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(FIELD)
@draft_page()
def parties(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """Ask for buyer, sender and order."""
    options = {"country": str(draft.jurisdiction), "hint": hint_of_number(draft)}
    return _section(request, draft, form_class=PartiesForm, options=options)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page()
def transport(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """Ask how the goods travel; the fields follow the mode."""
    options = {"mode_url": section_url("transport", draft.reference)}
    return _section(request, draft, form_class=TransportForm, options=options)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page()
def tax(request: HttpRequest, draft: Declaration) -> HttpResponse:
    """Ask how the charges are paid and show how they are worked out."""
    options = {"country": str(draft.jurisdiction), "on": timezone.localdate()}
    return _section(request, draft, form_class=TaxForm, options=options)


def _section(
    request: HttpRequest, draft: Declaration, *, form_class: type[SectionForm], options: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST":
        return _save(request, draft, form_class(request.POST, **options))
    asked = {name: values for name, values in request.GET.lists() if name in form_class.base_fields}
    kept = _kept(draft, form_class.section)
    form = form_class.of(draft, typed=kept | asked, **options)
    return _show(request, draft, form, is_begun=bool(kept) or (form.is_begun(draft) and not asked))


def _save(request: HttpRequest, draft: Declaration, form: SectionForm) -> HttpResponse:
    now = timezone.now()
    form.is_valid()
    with lifecycle.editing(draft, at=now) as locked:
        form.write(locked)
        form.seal(locked, at=now)
        lifecycle.keep_typed(locked, section=form.section, typed=form.unstored(), at=now)
    if is_autosave(request):
        return JsonResponse(saved_words(now))
    if "exit" in request.POST:
        return redirect("declarations:detail", draft.reference)
    judgement = judge_draft(draft, at=now)
    if form.errors or judgement.of(form.section):
        draft.saved_at = now
        return _show(request, draft, form, is_begun=True, judgement=judgement, status=422)
    return redirect(section_url(_FOLLOWING[form.section], draft.reference))


def _show(
    request: HttpRequest,
    draft: Declaration,
    form: SectionForm,
    *,
    is_begun: bool,
    judgement: Judgement | None = None,
    status: int = 200,
) -> HttpResponse:
    judgement = judgement or judge_draft(draft, at=timezone.now())
    section = form.section
    if is_begun:
        form.is_valid()
        problems = [each for each in judgement.of(section) if not each.path.endswith(".typed")]
        form.add_problems(problems)
    else:
        form.errors.clear()
    autosave_url = f"{section_url(section, draft.reference)}?autosave=1"
    context = draft_context(
        draft,
        judgement,
        section=section,
        form=form,
        autosave_url=autosave_url,
        savings=savings_of(judgement.result),
    )
    return render(request, f"declarations/{section}.html", context, status=status)


def _kept(draft: Declaration, section: str) -> dict[str, list[str]]:
    answer = DraftAnswer.objects.filter(declaration=draft, section=section).first()
    return dict(answer.typed) if answer else {}
