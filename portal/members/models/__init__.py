"""Models of members, children, duties, the sign-in of staff, vouching, and requests about own data."""

from portal.members.models.appointments import Appointment
from portal.members.models.children import Child
from portal.members.models.consents import Consent
from portal.members.models.data_requests import DataRequest
from portal.members.models.duties import Assignment, Duty
from portal.members.models.factors import Authenticator, RecoveryCode
from portal.members.models.hand_overs import HandOver
from portal.members.models.invitations import Invitation
from portal.members.models.passwords import PasswordHistory
from portal.members.models.people import Member
from portal.members.models.phones import PhoneChange
from portal.members.models.proofs import Sighting
from portal.members.models.sign_in import SignInCode
from portal.members.models.transfers import Transfer
from portal.members.models.vouching import Vouching

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
