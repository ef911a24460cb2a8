"""The privacy notice, and agreeing to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from swindow.accounts.models import User
from swindow.privacy import lifecycle
from swindow.privacy.models import Consent
from swindow.privacy.notice import CURRENT, VERSIONS, template_of


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Show the notice as it is now, or an earlier version of it, to anybody."""
    version = request.GET.get("version") or CURRENT
    if version not in VERSIONS:
        raise Http404
    consent = Consent.objects.for_actor(request.user).filter(version=version).first()
    context = {
        "version": version,
        "is_current": version == CURRENT,
        "earlier": [each for each in reversed(VERSIONS) if each != version],
        "words": template_of(version, language=get_language() or "en"),
        "consent": consent,
        "next": request.GET.get("next", ""),
    }
    return render(request, "privacy/notice.html", context)


@login_required
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """Keep that the person read the current notice, and go back to what was interrupted."""
    if isinstance(request.user, User):
        language = get_language() or "en"
        lifecycle.agree(request.user, version=CURRENT, language=language, at=timezone.now())
    messages.success(request, _("Thank you. Your consent is kept; you find it under your data."))
    then = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        then, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Only an address of ours: `redirect` would look for a page of that name.
    return HttpResponseRedirect(iri_to_uri(then)) if is_ours and then.startswith("/") else redirect("home")
