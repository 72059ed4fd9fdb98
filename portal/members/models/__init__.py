"""People and duties, and what they ask for about their own data."""

from portal.members.models.people import Assignment, Consent, Duty, Member, SignInCode
from portal.members.models.requests import DataRequest

__all__ = ["Assignment", "Consent", "DataRequest", "Duty", "Member", "SignInCode"]
