"""The platform's own pages: home, health, and what a refused form says."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from swindow.accounts.lifecycle import prefer_language
from swindow.accounts.models import AGENTS, Organisation, User, authorities_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the portal is to a stranger, and the own desk to everybody else."""
    if not request.user.is_authenticated:
        return render(request, "home.html")
    if authorities_of(request.user):
        return redirect("inspection:queue")
    is_agent = Organisation.objects.for_actor(request.user).filter(kind__in=AGENTS).exists()
    return redirect("declarations:desk" if is_agent else "declarations:overview")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages; of a signed-in person's mails and papers too."""
    if isinstance(request.user, User):
        prefer_language(request.user, language=request.POST.get("language", ""))
    return i18n.set_language(request)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process is alive."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers and every migration is applied."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    status = {"database": "ready", "migrations": "missing" if missing else "applied"}
    return JsonResponse(status, status=503 if missing else 200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that was sent from elsewhere or too late, in plain words."""
    return render(request, "403.html", {"is_csrf": True}, status=403)
