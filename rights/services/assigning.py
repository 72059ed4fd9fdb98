"""Who gets a case: the people of the union that handles it, never those whom the applicant keeps away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from portal.audit.gate import Clock
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Capability
from portal.core.fields import reserve_pks
from portal.deadlines.services import deadline_day, deadline_end, deadline_start
from portal.messaging.services.messages import messages_post
from portal.messaging.services.touching import touch
from rights.choices.cases import ACCEPTANCE, AssignedAs
from rights.models import CaseAssignment, CaseLedgerEntry, RightsCase
from rights.selectors.cases import who_may_handle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.members.models import Member
    from portal.organizations.models import Organization
    from rights.choices.cases import LedgerKind

APPLICANT = Clock("rights.applicant")
TOLD = 10


def ledger_write(case: RightsCase, kind: LedgerKind, **fields: Any) -> CaseLedgerEntry:
    """Write a row of the ledger for what happened to a case today."""
    today = timezone.localdate()
    row = CaseLedgerEntry.objects.create(
        organization=case.organization, kind=kind, on=today, category=case.category, **fields
    )
    touch(row._meta.label_lower, case.organization_id, today, today)
    return row


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


def cases_keep_time() -> int:
    """Give open cases that nobody may open any more to the union's staff; return how many."""
    count = 0
    for case in RightsCase.objects.open().select_related("organization", "unit").order_by("pk")[:500]:
        staff = who_may_handle(case, Capability.EDIT)
        known = set(case.assignments.current().values_list("member_id", flat=True))
        able = {member.pk for member in staff} | {member.pk for member in who_may_handle(case, Capability.APPROVE)}
        if not known & able:
            with transaction.atomic():
                held = locks.hold(case)
                case_give_to_union(held)
                count += 1
    return count
