"""Registration, verification, people and mandates: the only place that changes who somebody is here."""

from swindow.accounts.lifecycle.companies import (
    correct_organisation,
    register_organisation,
    set_deferment_account,
)
from swindow.accounts.lifecycle.mandates import give_mandate, revoke_mandate
from swindow.accounts.lifecycle.members import join_organisation
from swindow.accounts.lifecycle.people import create_token, prefer_language, revoke_token
from swindow.accounts.lifecycle.verification import AlreadyDecided, decide_verification, submit_verification

__all__ = [
    "AlreadyDecided",
    "correct_organisation",
    "create_token",
    "decide_verification",
    "give_mandate",
    "join_organisation",
    "prefer_language",
    "register_organisation",
    "revoke_mandate",
    "revoke_token",
    "set_deferment_account",
    "submit_verification",
]
