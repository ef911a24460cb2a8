"""People, their organisations, and who may act for whom."""

from swindow.accounts.models.acts import COMPANY_ROLES, MANDATED_ACTS, Act, Role, may_do, roles_that_may
from swindow.accounts.models.appointments import OfficerAppointment
from swindow.accounts.models.directory import AgentProfile, HelpRequest
from swindow.accounts.models.invitations import Invitation
from swindow.accounts.models.organisations import (
    AGENTS,
    DECLARANTS,
    CustomsCode,
    FormerMembership,
    Mandate,
    Membership,
    Organisation,
    OrganisationQuerySet,
    authorities_of,
)
from swindow.accounts.models.people import SignInFailure, User
from swindow.accounts.models.tokens import ApiToken, IdempotentRequest
from swindow.accounts.models.verification import Verification, VerificationEntry, VerificationQuerySet

__all__ = [
    "AGENTS",
    "COMPANY_ROLES",
    "DECLARANTS",
    "MANDATED_ACTS",
    "Act",
    "AgentProfile",
    "ApiToken",
    "CustomsCode",
    "FormerMembership",
    "HelpRequest",
    "IdempotentRequest",
    "Invitation",
    "Mandate",
    "Membership",
    "OfficerAppointment",
    "Organisation",
    "OrganisationQuerySet",
    "Role",
    "SignInFailure",
    "User",
    "Verification",
    "VerificationEntry",
    "VerificationQuerySet",
    "authorities_of",
    "may_do",
    "roles_that_may",
]
