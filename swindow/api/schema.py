"""What the OpenAPI schema must be told: the bearer token, and the body of every error."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers


class BearerToken(OpenApiAuthenticationExtension):
    """Describes `Authorization: Bearer sw_…`."""

    target_class = "swindow.accounts.api_auth.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A token made under Organisation."}


_PROBLEM = inline_serializer(
    "Problem",
    {
        "path": serializers.CharField(help_text="The field, lines counted from 1: goods_items.2.origin"),
        "code": serializers.CharField(help_text="The rule or kind of problem: DE-05, required"),
        "message": serializers.CharField(),
        "fix": serializers.CharField(),
    },
    many=True,
)
_BODY = inline_serializer("Problems", {"errors": _PROBLEM})
_SENTENCES = {
    400: "The request is malformed; every problem at once.",
    401: "No token, or one that is unknown or revoked.",
    403: "You may see it, but not do this; the fix says who could allow it.",
    404: "There is no such object, or it is not yours.",
    409: "It contradicts what is stored, or the first request with this key still runs.",
    422: "Understood, but refused by a rule; every problem at once.",
    429: "Too many requests from this address; repeat it after Retry-After seconds.",
    503: "For the moment; repeat it after Retry-After seconds.",
}


def problems(*statuses: int) -> dict[int, OpenApiResponse]:
    """Return the documentation of these error answers."""
    return {status: OpenApiResponse(_BODY, description=_SENTENCES[status]) for status in statuses}
