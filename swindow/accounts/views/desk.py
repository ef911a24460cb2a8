"""An agent with many clients keeps to one of them, or to all."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from swindow.accounts.clients import choose_client


@login_required
@require_POST
def client_choose(request: HttpRequest) -> HttpResponse:
    """Show only this client's business from now on; an empty choice shows every client's."""
    if not choose_client(request, request.POST.get("client", "").replace("\0", "")):
        raise Http404
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(url if is_ours else "declarations:desk")
