"""The models of the rights area, one module per subject."""

from rights.models.cases import CaseAssignment, CaseMessage, RightsCase
from rights.models.law_sessions import LawSession, LawSessionSignUp
from rights.models.ledger import CaseLedgerEntry
from rights.models.stations import RightsStation, StationShift
from rights.models.steps import CaseFile, CaseStep

__all__ = [
    "CaseAssignment",
    "CaseFile",
    "CaseLedgerEntry",
    "CaseMessage",
    "CaseStep",
    "LawSession",
    "LawSessionSignUp",
    "RightsCase",
    "RightsStation",
    "StationShift",
]
