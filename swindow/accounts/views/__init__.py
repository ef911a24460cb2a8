"""The organisation's own pages and the officers' verification cases."""

from swindow.accounts.views.dealings import (
    deferment,
    token_create,
    token_revoke,
)
from swindow.accounts.views.details import bank_account, contacts, customs_codes
from swindow.accounts.views.history import history
from swindow.accounts.views.officers import (
    officer_confirm,
    officer_dismiss,
    officer_propose,
    officer_withdraw,
    officers,
)
from swindow.accounts.views.organisation import company_change, organisation, verification_answer
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
from swindow.accounts.views.verdicts import (
    verification_ask,
    verification_refuse,
    verification_reinstate,
    verification_reveal,
    verification_suspend,
    verification_verify,
)
from swindow.accounts.views.verifications import case_file, verification, verifications

__all__ = [
    "bank_account",
    "case_file",
    "company_change",
    "contacts",
    "customs_codes",
    "deferment",
    "history",
    "invitation_resend",
    "invitation_withdraw",
    "invite",
    "join",
    "member_leave",
    "member_remove",
    "member_role",
    "officer_confirm",
    "officer_dismiss",
    "officer_propose",
    "officer_withdraw",
    "officers",
    "organisation",
    "people",
    "token_create",
    "token_revoke",
    "verification",
    "verification_answer",
    "verification_ask",
    "verification_refuse",
    "verification_reinstate",
    "verification_reveal",
    "verification_suspend",
    "verification_verify",
    "verifications",
]
