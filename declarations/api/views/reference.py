"""The page on which a person reads and tries the API."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show Swagger UI from our own files, under the portal's strict content policy."""
    return render(request, "api/docs.html")
