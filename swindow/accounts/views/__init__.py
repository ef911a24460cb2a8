"""The organisation's own pages and the officers' verification cases."""

from swindow.accounts.views.dealings import (
    deferment,
    token_create,
    token_revoke,
)
from swindow.accounts.views.history import history
from swindow.accounts.views.organisation import organisation
from swindow.accounts.views.people import (
    invitation_resend,
    invitation_withdraw,
    invite,
    join,
    member_leave,
    member_remove,
    member_role,
    people,
)
from swindow.accounts.views.verifications import identity_document, verification, verifications

__all__ = [
    "deferment",
    "history",
    "identity_document",
    "invitation_resend",
    "invitation_withdraw",
    "invite",
    "join",
    "member_leave",
    "member_remove",
    "member_role",
    "organisation",
    "people",
    "token_create",
    "token_revoke",
    "verification",
    "verifications",
]
