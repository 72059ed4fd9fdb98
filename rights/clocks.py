"""The deadlines of cases: the answer to a request, limitation, and the clocks that steps start."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import LONGEST
from portal.core.choices import Area, Capability
from portal.deadlines.choices import RollingRule, Unit
from portal.deadlines.clock import Clock
from portal.organizations.selectors import legal_count
from rights.choices.cases import (
    ACCEPTANCE,
    APPROVAL,
    LIMITATION,
    STEP_CLOCKS,
    WRITTEN,
    AssignedAs,
    CaseState,
    StepKind,
)
from rights.models import CaseStep, RightsCase
from rights.selectors.cases import people_of, who_may_handle

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from portal.members.models import Member
    from portal.organizations.models import Organization
    from rights.querysets.cases import RightsCaseQuerySet
    from rights.querysets.steps import CaseStepQuerySet


def days(key: str, on: date) -> int:
    """Return the legal number ``rights.<key>`` in force on a day."""
    return legal_count(f"rights.{key}", on=on, most=LONGEST)


def case_staff(case: RightsCase) -> list[Member]:
    """Return the handlers of a case who may still open it, or else all staff who may."""
    return people_of(case, AssignedAs.HANDLER) or people_of(case)


def staff_above(case: RightsCase, organization: Organization) -> list[Member]:
    """Return the staff above who may be told of an overdue case: those to whom it could be given."""
    return who_may_handle(case, Capability.APPROVE, at=organization)


def requests_open() -> RightsCaseQuerySet:
    """Return the requests that must be accepted or declined."""
    return RightsCase.objects.to_accept()


def requests_waiting(actor: Member) -> RightsCaseQuerySet:
    """Return the requests that the actor may accept or decline."""
    return RightsCase.objects.reached_by(actor, Capability.EDIT).to_accept()


def limited_open() -> RightsCaseQuerySet:
    """Return open cases whose limitation period runs, before arbitration was applied for."""
    return RightsCase.objects.open().exclude(limitation_on=None).exclude(steps__kind=StepKind.ARBITRATE)


def mine(rows: Callable[[], RightsCaseQuerySet], actor: Member) -> RightsCaseQuerySet:
    """Return those of ``rows`` that the actor handles, or that nobody handles and the actor may open."""
    seen = RightsCase.objects.reached_by(actor, Capability.VIEW)
    handled = seen.assigned_to(actor, AssignedAs.HANDLER)
    return rows().filter(Q(pk__in=handled.values("pk")) | Q(pk__in=seen.unhandled().values("pk")))


def written_open() -> RightsCaseQuerySet:
    """Return cases in which a message of the applicant waits for an answer."""
    return RightsCase.objects.exclude(written_by=None).exclude(messages=None)


def written_waiting(actor: Member) -> RightsCaseQuerySet:
    """Return the actor's cases in which a message of the applicant waits for an answer."""
    return RightsCase.objects.reached_by(actor, Capability.EDIT).filter(pk__in=written_open().values("pk"))


def closings_open() -> RightsCaseQuerySet:
    """Return the closures that another person must decide on."""
    return RightsCase.objects.filter(state=CaseState.CLOSING)


def closings_waiting(actor: Member) -> RightsCaseQuerySet:
    """Return the closures that the actor may approve: never the actor's own proposal."""
    rows = RightsCase.objects.reached_by(actor, Capability.APPROVE).assigned_to(actor, AssignedAs.SUPERVISOR)
    return rows.filter(pk__in=closings_open().exclude(proposed_by=actor).values("pk"))


def steps_open(kind: StepKind) -> CaseStepQuerySet:
    """Return the steps of a kind whose deadline runs."""
    return CaseStep.objects.waiting().filter(kind=kind)


def steps_waiting(kind: StepKind, actor: Member) -> CaseStepQuerySet:
    """Return the steps of a kind whose deadline runs, in cases that the actor handles."""
    return steps_open(kind).filter(case__in=mine(RightsCase.objects.open, actor))


def _number(case: RightsCase) -> str:
    return case.number or str(case.pk)


_CASE: dict[str, Any] = {
    "model": RightsCase,
    "seen_by": RightsCase.objects.visible_to,
    "told": case_staff,
    "above": staff_above,
    "organization": "organization",
    "area": Area.RIGHTS,
    "related": ("organization", "unit"),
    "icon": "scale",
    "confidential": True,
    "due_kind": "rights.case_due",
    "overdue_kind": "rights.case_overdue",
}
_STEP: dict[str, Any] = {
    **_CASE,
    "model": CaseStep,
    "seen_by": CaseStep.objects.visible_to,
    "told": lambda step: case_staff(step.case),
    "above": lambda step, organization: staff_above(step.case, organization),
    "organization": "case__organization",
    "related": ("case__organization", "case__unit"),
    "due_kind": "rights.step_due",
    "overdue_kind": "rights.step_overdue",
}


def _step(kind: StepKind, title: Any, *, unit: Unit, amount: str, source: Any) -> Clock:
    return Clock(
        code=STEP_CLOCKS[kind],
        name=title,
        unit=unit,
        amount=partial(days, amount),
        source=source,
        open=partial(steps_open, kind),
        waiting=partial(steps_waiting, kind),
        title=lambda step: f"{title} · {_number(step.case)}",
        rolling=RollingRule.NEXT_WORKING_DAY if unit == Unit.DAYS else RollingRule.STAYS,
        shown_days=3,
        **_STEP,
    )


CLOCKS = [
    Clock(
        code=ACCEPTANCE,
        name=_("Decision on a request for help"),
        unit=Unit.WORKING_DAYS,
        amount=partial(days, "acceptance_working_days"),
        source=_("The promise of the union on the page for requests"),
        open=requests_open,
        waiting=requests_waiting,
        title=lambda case: _g("Accept or decline request no. %(number)s") % {"number": case.pk},
        shown_days=LONGEST,
        **_CASE,
    ),
    Clock(
        code=LIMITATION,
        name=_("Limitation: apply for arbitration"),
        unit=Unit.YEARS,
        amount=partial(days, "limitation_years"),
        source=_("Labour Dispute Mediation and Arbitration Law, article 27"),
        open=limited_open,
        waiting=partial(mine, limited_open),
        title=lambda case: _g("Limitation ends: case %(number)s") % {"number": _number(case)},
        rolling=RollingRule.NEXT_WORKING_DAY,
        shown_days=30,
        field="limitation_on",
        **_CASE,
    ),
    Clock(
        code=WRITTEN,
        name=_("Answer to a message of the applicant"),
        unit=Unit.WORKING_DAYS,
        amount=partial(days, "written_working_days"),
        source=_("The promise of the union on the page for requests"),
        open=written_open,
        waiting=written_waiting,
        title=lambda case: _g("The applicant wrote: case %(number)s") % {"number": _number(case)},
        shown_days=LONGEST,
        field="written_by",
        **_CASE,
    ),
    Clock(
        code=APPROVAL,
        name=_("Decision on a proposed closure"),
        unit=Unit.WORKING_DAYS,
        amount=partial(days, "approval_working_days"),
        source=_("The promise of the union on the page for requests"),
        open=closings_open,
        waiting=closings_waiting,
        title=lambda case: _g("Approve the closure of case %(number)s") % {"number": _number(case)},
        shown_days=LONGEST,
        field="approve_by",
        **_CASE,
    ),
    _step(
        StepKind.MEDIATE,
        _("Result of the mediation"),
        unit=Unit.DAYS,
        amount="mediation_days",
        source=_("Labour Dispute Mediation and Arbitration Law, article 14"),
    ),
    _step(
        StepKind.ARBITRATE,
        _("Decision to accept the arbitration"),
        unit=Unit.WORKING_DAYS,
        amount="arbitration_working_days",
        source=_("Labour Dispute Mediation and Arbitration Law, article 29"),
    ),
    _step(
        StepKind.ACCEPTED,
        _("Arbitration award"),
        unit=Unit.DAYS,
        amount="award_days",
        source=_("Labour Dispute Mediation and Arbitration Law, article 43"),
    ),
    _step(
        StepKind.AWARDED,
        _("Lawsuit against the award"),
        unit=Unit.DAYS,
        amount="suit_days",
        source=_("Labour Dispute Mediation and Arbitration Law, article 50"),
    ),
    _step(
        StepKind.LEGAL_AID,
        _("Decision on legal aid"),
        unit=Unit.DAYS,
        amount="legal_aid_days",
        source=_("Legal Aid Law, article 43"),
    ),
]
