"""Who gets a case: the people of the union that handles it, never those whom the applicant keeps away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from portal.audit.gate import Clock
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.services import steps_of
from portal.deadlines.models import Deadline
from portal.deadlines.services import deadline_day, deadline_end, deadline_start
from portal.messaging.services.messages import messages_post
from rights.choices.cases import ACCEPTANCE, APPROVAL, LIMITATION, STEP_CLOCKS, WRITTEN, AssignedAs, StepKind
from rights.models import CaseAssignment, CaseStep, RightsCase
from rights.selectors.cases import people_of, who_may_handle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.members.models import Member
    from portal.organizations.models import Organization

APPLICANT, BY_TIME = Clock("rights.applicant"), Clock("rights.keep_time")
CODES = (ACCEPTANCE, APPROVAL, LIMITATION, WRITTEN, *STEP_CLOCKS.values())
TOLD = 10


def case_tell(case: RightsCase, members: Iterable[Member], kind: str) -> None:
    messages_post(
        kind=kind,
        recipients=[(member, {"number": case.pk}) for member in list(members)[:TOLD]],
        about=case,
        url=case.get_absolute_url(),
    )


def case_give(case: RightsCase, members: Iterable[Member], role: AssignedAs, by: Member | None = None) -> list[Member]:
    """Assign people to a case; return those who were not assigned in this role before."""
    today = timezone.localdate()
    held = set(case.assignments.current().filter(role=role).values_list("member_id", flat=True))
    new = [member for member in members if member.pk not in held]
    CaseAssignment.objects.bulk_create(
        [
            CaseAssignment(pk=pk, case=case, member=member, role=role, valid_from=today, given_by=by)
            for pk, member in zip(reserve_pks(CaseAssignment, len(new)), new, strict=True)
        ]
    )
    return new


def case_give_to_union(case: RightsCase) -> None:
    """Assign the staff who take requests in at the case's union, and those who supervise them; tell them."""
    taking = case_give(case, who_may_handle(case, Capability.EDIT), AssignedAs.INTAKE)
    supervising = case_give(case, who_may_handle(case, Capability.APPROVE), AssignedAs.SUPERVISOR)
    audit_record(
        actor=None,
        action="case.staff",
        about=case,
        data={"members": sorted({member.pk for member in (*taking, *supervising)})},
    )
    case_tell(case, {member.pk: member for member in (*taking, *supervising)}.values(), "rights.case_arrived")


def case_take_away(case: RightsCase) -> None:
    """End all assignments of a case today."""
    case.assignments.current().update(valid_until=timezone.localdate())


def case_restart(case: RightsCase, organization: Organization) -> None:
    """Let another union decide on a case: new people, a new deadline."""
    today = timezone.localdate()
    deadline_end(about=case, code=ACCEPTANCE, actor=APPLICANT)
    case.due_on = deadline_day(ACCEPTANCE, on=today).day
    case.organization = organization
    case.save(update_fields=["due_on", "organization"])
    case_take_away(case)
    deadline_start(about=case, code=ACCEPTANCE, on=today)
    case_give_to_union(case)


def limitation_start(case: RightsCase) -> None:
    """Let the limitation period run while a case is open; one that is over is shown on the page, and nobody reminded.

    Before a day on which the law is not known here, nothing runs.
    """
    if case.known_on is None or case.steps.filter(kind=StepKind.ARBITRATE).exists():
        return
    try:
        last = deadline_day(LIMITATION, on=case.known_on).day
    except DomainError:
        return
    if last >= timezone.localdate():
        deadline_start(about=case, code=LIMITATION, on=case.known_on)


def cases_keep_time() -> int:
    """Give cases to people by the clock; return how many.

    Open cases, and closed ones in which the applicant waits, go to the union's staff if nobody who may edit them can
    open them any more. A case with an overdue deadline that was passed to the level above is given to those there who
    may approve: they were told of it, and open it as supervisors.
    """
    rows = RightsCase.objects.open() | RightsCase.objects.exclude(written_by=None)
    late = Deadline.objects.open().filter(code__in=CODES).exclude(passed_to=None)
    count = 0
    with steps_of("rights.keep_time") as steps:
        for case in rows.select_related("organization", "unit").order_by("pk"):
            with steps.one(case):
                count += _give_again(case)
        for deadline in late.select_related("passed_to").order_by("pk"):
            with steps.one(deadline):
                count += _give_above(deadline)
    return count


def _give_again(case: RightsCase) -> int:
    """Give a case to its union if nobody who may edit it can open it; return 1 if somebody got it."""
    path = case.organization.path
    if any(member.can(Area.RIGHTS, Capability.EDIT, path) for member in people_of(case)):
        return 0
    if not who_may_handle(case, Capability.EDIT):
        return 0
    with transaction.atomic():
        case_give_to_union(locks.hold(case))
    return 1


@transaction.atomic
def _give_above(deadline: Deadline) -> int:
    """Give the case of an overdue deadline to those above who were told of it; return 1 if somebody got it."""
    held = locks.hold(RightsCase(pk=_case_of(deadline)))
    new = case_give(held, who_may_handle(held, Capability.APPROVE, at=deadline.passed_to), AssignedAs.SUPERVISOR)
    if not new:
        return 0
    audit_record(actor=BY_TIME, action="case.staff", about=held, data={"members": sorted(one.pk for one in new)})
    case_tell(held, new, "rights.case_arrived")
    return 1


def _case_of(deadline: Deadline) -> int:
    """Return the number of the case of a deadline, which is about the case or one of its steps."""
    if deadline.code in STEP_CLOCKS.values():
        return CaseStep.objects.values_list("case_id", flat=True).get(pk=deadline.about_id)
    return deadline.about_id
