"""The models of childcare, one module per subject."""

from childcare.models.days import Attendance, ClassDay, StaffPresence
from childcare.models.draws import TermDraw
from childcare.models.enrolments import Enrolment
from childcare.models.incidents import Incident, IncidentNote
from childcare.models.nurseries import Nursery, NurseryPlaces
from childcare.models.outings import Outing, OutingChild
from childcare.models.pickups import PickUpAttempt, PickUpBar, PickUpCode, PickUpPerson
from childcare.models.results import TermResult
from childcare.models.sites import CareSite, CareStaff, SafetyPaper
from childcare.models.terms import ClassTerm

__all__ = [
    "Attendance",
    "CareSite",
    "CareStaff",
    "ClassDay",
    "ClassTerm",
    "Enrolment",
    "Incident",
    "IncidentNote",
    "Nursery",
    "NurseryPlaces",
    "Outing",
    "OutingChild",
    "PickUpAttempt",
    "PickUpBar",
    "PickUpCode",
    "PickUpPerson",
    "SafetyPaper",
    "StaffPresence",
    "TermDraw",
    "TermResult",
]
