"""The versions of the privacy notice; a changed text is a new version with a file of its own."""

from django.conf import settings

# Oldest first; templates/privacy/notice_<version>.<language>.html hold the words.
VERSIONS = ("2026-11-26",)
CURRENT = VERSIONS[-1]


def template_of(version: str, *, language: str) -> str:
    """Return the template of a version in a language, in English where there is no other."""
    known = dict(settings.LANGUAGES)
    return f"privacy/notice_{version}.{language if language in known else settings.LANGUAGE_CODE}.html"
