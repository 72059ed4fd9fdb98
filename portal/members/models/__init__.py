"""People, their children and duties; how staff sign in; whom a unit vouches for; what people ask about their data."""

from portal.members.models.accounts import Authenticator, Invitation, PasswordHistory, RecoveryCode
from portal.members.models.children import Child
from portal.members.models.people import Assignment, Consent, Duty, Member, SignInCode
from portal.members.models.proofs import Appointment, PhoneChange, Sighting
from portal.members.models.requests import DataRequest
from portal.members.models.standing import HandOver, Transfer, Vouching

__all__ = [
    "Appointment",
    "Assignment",
    "Authenticator",
    "Child",
    "Consent",
    "DataRequest",
    "Duty",
    "HandOver",
    "Invitation",
    "Member",
    "PasswordHistory",
    "PhoneChange",
    "RecoveryCode",
    "Sighting",
    "SignInCode",
    "Transfer",
    "Vouching",
]
