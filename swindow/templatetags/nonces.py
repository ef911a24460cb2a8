"""The nonce for scripts that a form's media bring along; built in, so that admin's templates know it."""

from django import template
from django.forms import Media
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def with_nonce(media: Media, nonce: str) -> SafeString:
    """Write media whose paths stand in the code, each script with the nonce."""
    opening = format_html('<script nonce="{}"', nonce)
    return SafeString(str(media).replace("<script", opening))
