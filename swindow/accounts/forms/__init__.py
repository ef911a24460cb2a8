"""What people tell about their company, and what they may change of it."""

from swindow.accounts.forms.company import CompanyForm
from swindow.accounts.forms.mandates import MandateForm
from swindow.accounts.forms.members import InvitationForm
from swindow.accounts.forms.money import DefermentForm
from swindow.accounts.forms.tokens import TokenForm
from swindow.accounts.forms.verification import VerdictForm

__all__ = ["CompanyForm", "DefermentForm", "InvitationForm", "MandateForm", "TokenForm", "VerdictForm"]
