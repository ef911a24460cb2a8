"""Registration, verification, people and mandates: the only place that changes who somebody is here."""

from swindow.accounts.lifecycle.companies import (
    correct_organisation,
    register_organisation,
    set_deferment_account,
)
from swindow.accounts.lifecycle.directory import (
    Service,
    accept_help,
    ask_for_help,
    decline_help,
    describe_service,
    withdraw_help,
)
from swindow.accounts.lifecycle.invitations import (
    invite,
    join_organisation,
    resend_invitation,
    withdraw_invitation,
)
from swindow.accounts.lifecycle.mandates import (
    MandateTerms,
    accept_mandate,
    change_mandate,
    decline_mandate,
    end_mandate,
    give_mandate,
)
from swindow.accounts.lifecycle.members import change_role, leave_organisation, remove_member
from swindow.accounts.lifecycle.people import (
    create_token,
    end_sessions,
    limit_access,
    prefer_language,
    revoke_token,
    switch_off,
    switch_on,
)
from swindow.accounts.lifecycle.verification import AlreadyDecided, decide_verification, submit_verification

__all__ = [
    "AlreadyDecided",
    "MandateTerms",
    "Service",
    "accept_help",
    "accept_mandate",
    "ask_for_help",
    "change_mandate",
    "change_role",
    "correct_organisation",
    "create_token",
    "decide_verification",
    "decline_help",
    "decline_mandate",
    "describe_service",
    "end_mandate",
    "end_sessions",
    "give_mandate",
    "invite",
    "join_organisation",
    "leave_organisation",
    "limit_access",
    "prefer_language",
    "register_organisation",
    "remove_member",
    "resend_invitation",
    "revoke_token",
    "set_deferment_account",
    "submit_verification",
    "switch_off",
    "switch_on",
    "withdraw_help",
    "withdraw_invitation",
]
