"""The models of childcare, one module per subject."""

from childcare.models.draws import TermDraw
from childcare.models.enrolments import Enrolment
from childcare.models.sites import CareSite, CareStaff, SafetyPaper
from childcare.models.terms import ClassTerm

__all__ = ["CareSite", "CareStaff", "ClassTerm", "Enrolment", "SafetyPaper", "TermDraw"]
