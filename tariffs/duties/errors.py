"""Why a duty expression cannot be read or worked out, for the person who wrote it."""

from django.utils.translation import gettext as _


class DutyError(ValueError):
    """What is wrong, at which character (from 1: the first that is not understood), and how to mend it."""

    def __init__(self, message: str, *, text: str, position: int, fix: str) -> None:
        self.message = message
        self.text = text
        self.position = position
        self.fix = fix
        super().__init__(
            _("%(text)s: %(message)s at character %(position)d")
            % {"text": text, "message": message, "position": position}
        )
