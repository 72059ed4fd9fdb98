"""People and duties; how staff sign in; whom a unit vouches for."""

from portal.members.models.accounts import Authenticator, Invitation, PasswordHistory, RecoveryCode
from portal.members.models.people import Assignment, Consent, Duty, Member, SignInCode
from portal.members.models.standing import Vouching

__all__ = [
    "Assignment",
    "Authenticator",
    "Consent",
    "Duty",
    "Invitation",
    "Member",
    "PasswordHistory",
    "RecoveryCode",
    "SignInCode",
    "Vouching",
]
