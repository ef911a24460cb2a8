"""What can go wrong with files and papers, told in sentences to a person."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class UploadRefused(Exception):
    """The file cannot be accepted: `message` says what is wrong, `fix` what to do."""

    def __init__(self, message: str | Promise, *, fix: str | Promise, code: str) -> None:
        super().__init__(message)
        self.message, self.fix, self.code = message, fix, code

    def __str__(self) -> str:
        return f"{self.message} {self.fix}"


class StorageUnavailable(Exception):
    """The file store is full or does not answer: answer with status 503, the work can be repeated."""

    message = _(
        "Files cannot be saved or read at the moment. Nothing you typed is lost: try again in a few minutes."
    )

    def __str__(self) -> str:
        return str(self.message)


class FileNotReady(Exception):
    """The file waits for its virus check, was refused, or the paper is not issued yet."""

    message = _("This file is not ready yet. Try again in a few minutes.")

    def __str__(self) -> str:
        return str(self.message)


class PaperRefused(Exception):
    """The paper was not signed because something on it is missing or wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class SealUnavailable(Exception):
    """There is no signing key, it cannot be read, or the time-stamp service does not answer."""
