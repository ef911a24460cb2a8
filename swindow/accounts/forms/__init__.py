"""What people tell about their company, and what they may change of it."""

from swindow.accounts.forms.company import PAPERS, ChangeForm, CompanyForm, RegistrationForm
from swindow.accounts.forms.details import AnswerForm, BankAccountForm, ContactsForm, CustomsCodesForm
from swindow.accounts.forms.mandates import MandateForm
from swindow.accounts.forms.members import InvitationForm
from swindow.accounts.forms.money import DefermentForm
from swindow.accounts.forms.tokens import TokenForm
from swindow.accounts.forms.verification import AskForm, ReasonForm, ReinstateForm, VerifyForm

__all__ = [
    "PAPERS",
    "AnswerForm",
    "AskForm",
    "BankAccountForm",
    "ChangeForm",
    "CompanyForm",
    "ContactsForm",
    "CustomsCodesForm",
    "DefermentForm",
    "InvitationForm",
    "MandateForm",
    "ReasonForm",
    "RegistrationForm",
    "ReinstateForm",
    "TokenForm",
    "VerifyForm",
]
