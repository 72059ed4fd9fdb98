"""Cases of women workers: categories, states, steps and outcomes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class Naming(models.TextChoices):
    """What the applicant tells about herself."""

    NAMED = "named", _("With my name")
    HIDDEN = "hidden", _("With my name, but hidden from my employer")
    ANONYMOUS = "anonymous", _("Without my name")


class CaseCategory(models.TextChoices):
    """What the case is about; decides who handles it and which articles apply."""

    DISMISSAL = "dismissal", _("Dismissal during pregnancy, birth or nursing")
    LEAVE_PAY = "leave_pay", _("Maternity leave or allowance")
    POST_CHANGE = "post_change", _("Transfer to another post or lower pay")
    NURSING_TIME = "nursing_time", _("Nursing time")
    CONTRACT_END = "contract_end", _("Contract that ends during pregnancy or nursing")
    HIRING = "hiring", _("Discrimination in hiring")
    HARASSMENT = "harassment", _("Sexual harassment")
    WAGES = "wages", _("Unpaid wages")
    PROHIBITED_WORK = "prohibited_work", _("Work that is prohibited for women")
    OTHER = "other", _("Something else")


class ProtectedPeriod(models.TextChoices):
    """The periods of special protection (国务院令第619号, articles 6 to 9)."""

    NONE = "none", _("None of these")
    PREGNANCY = "pregnancy", _("Pregnancy")
    MATERNITY = "maternity", _("Maternity leave")
    NURSING = "nursing", _("Nursing, until the first birthday")
    MENSTRUAL = "menstrual", _("Menstrual period")


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    HANDLING = "handling", _("Being handled")
    CLOSING = "closing", _("Closure proposed")
    CLOSED = "closed", _("Closed")


def another_person(actor, row):
    """The actor is independent of the person who proposed the closure."""
    return actor.may_second({row.proposed_by_id} - {None})


# Steps of the applicant are taken by the code of a receipt and carry no person: ``Step(person=False, time=True)``.
_APPLICANT = Step(person=False, time=True)
CASE_TRANSITIONS = {
    CaseState.SUBMITTED: {CaseState.HANDLING: Step(), CaseState.NOT_ACCEPTED: Step()},
    CaseState.NOT_ACCEPTED: {CaseState.SUBMITTED: _APPLICANT},
    CaseState.HANDLING: {CaseState.CLOSING: Step(), CaseState.SUBMITTED: Step()},
    CaseState.CLOSING: {CaseState.CLOSED: Step(allowed=another_person), CaseState.HANDLING: Step()},
    CaseState.CLOSED: {CaseState.HANDLING: Step(time=True)},
}
OPEN_CASES = (CaseState.SUBMITTED, CaseState.HANDLING, CaseState.CLOSING)
CASE_LINE = (CaseState.SUBMITTED, CaseState.HANDLING, CaseState.CLOSING, CaseState.CLOSED)


class AssignedAs(models.TextChoices):
    """Why a member of staff may open a case."""

    INTAKE = "intake", _("Intake")
    HANDLER = "handler", _("Handler")
    SUPERVISOR = "supervisor", _("Supervisor")


class StepKind(models.TextChoices):
    """What was done in a case: the links of the full chain (预防+协商+调解+仲裁+诉讼+法援+心援)."""

    NOTE = "note", _("Note")
    CONSULT = "consult", _("Advice given")
    NEGOTIATE = "negotiate", _("Negotiation with the employer")
    MEDIATE = "mediate", _("Application for mediation")
    ARBITRATE = "arbitrate", _("Application for arbitration")
    ACCEPTED = "accepted", _("Arbitration accepted")
    AWARDED = "awarded", _("Award received")
    SUE = "sue", _("Lawsuit filed")
    LEGAL_AID = "legal_aid", _("Application for legal aid")
    MIND_CARE = "mind_care", _("Psychological support")


class Outcome(models.TextChoices):
    """How a case ended."""

    ADVISED = "advised", _("Settled by advice")
    NEGOTIATED = "negotiated", _("Settled by negotiation")
    MEDIATED = "mediated", _("Settled by mediation")
    ARBITRATED = "arbitrated", _("Decided by arbitration")
    JUDGED = "judged", _("Decided in court")
    NOT_PROVEN = "not_proven", _("Not enough evidence")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Solved(models.TextChoices):
    """The applicant's own answer after the closing."""

    YES = "yes", _("Yes, it is solved")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class LedgerKind(models.TextChoices):
    """What a row of the ledger counts."""

    ASKED = "asked", _("Request received")
    ACCEPTED = "accepted", _("Case accepted")
    CLOSED = "closed", _("Case closed")


# Codes of the deadlines in ``clocks.py``.
ACCEPTANCE, LIMITATION, WRITTEN = "rights.acceptance", "rights.limitation", "rights.written"
APPROVAL = "rights.approval"
# The legal deadline that a step starts.
STEP_CLOCKS = {
    StepKind.MEDIATE: "rights.mediation",
    StepKind.ARBITRATE: "rights.arbitration",
    StepKind.ACCEPTED: "rights.award",
    StepKind.AWARDED: "rights.suit",
    StepKind.LEGAL_AID: "rights.legal_aid",
}
