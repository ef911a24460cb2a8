"""The organisation's own pages and the officers' verification cases."""

from swindow.accounts.views.dealings import (
    deferment,
    invite,
    join,
    mandate_give,
    mandate_revoke,
    token_create,
    token_revoke,
)
from swindow.accounts.views.organisation import organisation
from swindow.accounts.views.verifications import identity_document, verification, verifications

__all__ = [
    "deferment",
    "identity_document",
    "invite",
    "join",
    "mandate_give",
    "mandate_revoke",
    "organisation",
    "token_create",
    "token_revoke",
    "verification",
    "verifications",
]
