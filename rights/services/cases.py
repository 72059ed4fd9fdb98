"""Services of cases: asking for help, accepting, declining, handing over.

Steps of the applicant carry no person in the audit: whoever holds the receipt takes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.deadlines.services import deadline_day, deadline_end, deadline_meet, deadline_start
from portal.papers.services.numbers import number_take
from portal.receipts.services import receipt_give
from rights.choices.cases import ACCEPTANCE, LIMITATION, OPEN_CASES, AssignedAs, CaseState, LedgerKind, Naming
from rights.models import RightsCase
from rights.selectors.cases import is_kept_away, people_of, receiving_union, unit_named, who_may_handle
from rights.services.assigning import (
    APPLICANT,
    case_give,
    case_give_to_union,
    case_restart,
    case_tell,
    limitation_start,
)
from rights.services.files import file_add
from rights.services.ledger import ledger_write
from rights.services.steps import note_write

if TYPE_CHECKING:
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

    from portal.members.models import Member
    from portal.organizations.models import Organization, Region

NUMBERS = "rights.case"
# The version of the text that the applicant agrees to.
CONSENT = "2026-11"


@transaction.atomic
def case_submit(
    *,
    naming: str,
    region: Region,
    category: str,
    period: str,
    story: str,
    wish: str = "",
    name: str = "",
    phone: str = "",
    employer: str = "",
    kept_away: str = "",
    known_on: date | None = None,
    file: UploadedFile[bytes] | None = None,
) -> tuple[RightsCase, str]:
    """Take in a request for help; return it and the code of its receipt, which is not stored.

    Without a name, neither name nor phone is stored. The request goes to the county of the place of work, or to a union
    above it where somebody at the county belongs to the applicant's unit or was named by the applicant.
    """
    today = timezone.localdate()
    unit = unit_named(employer, region)
    told = naming != Naming.ANONYMOUS
    (pk,) = reserve_pks(RightsCase)
    case = RightsCase(
        pk=pk,
        organization=receiving_union(region, unit, kept_away),
        region=region,
        unit=unit,
        naming=naming,
        category=category,
        period=period,
        name=(name or None) if told else None,
        phone=(phone or None) if told else None,
        employer=employer or None,
        kept_away=kept_away or None,
        story=story,
        wish=wish or None,
        known_on=known_on,
        consent_version=CONSENT,
        submitted_at=timezone.now(),
        due_on=deadline_day(ACCEPTANCE, on=today).day,
    )
    code = receipt_give(row=case)
    case.full_clean(exclude=["organization", "region", "unit", "proposed_by", "closing_entry"])
    case.save(force_insert=True)
    deadline_start(about=case, code=ACCEPTANCE, on=today)
    limitation_start(case)
    audit_record(actor=APPLICANT, action="case.submit", about=case)
    if file is not None:
        file_add(actor=None, case=case, file=file)
    ledger_write(case, LedgerKind.ASKED)
    case_give_to_union(case)
    if not case.assignments.exists():
        raise DomainError(
            _("Everybody at the unions here belongs to your employer or was named by you. Please call 12351."),
            code="nobody-there",
        )
    return case, code


@transaction.atomic
def case_read(*, actor: Member, case: RightsCase) -> None:
    """Record in this transaction that ``actor`` opened a case."""
    audit_record(actor=actor, action="case.opened", about=case)


@transaction.atomic
def case_accept(*, actor: Member, case: RightsCase) -> RightsCase:
    """Accept a request: it gets its number from the union's series, and the actor handles it."""
    held = locks.hold(case)
    first = not held.number
    number = held.number or number_take(organization=held.organization, kind=NUMBERS, about=held)
    held = advance(held, CaseState.HANDLING, actor=actor, number=number, accepted_at=timezone.now())
    deadline_meet(about=held, code=ACCEPTANCE, actor=actor)
    if first:
        ledger_write(held, LedgerKind.ACCEPTED)
    case_give(held, [actor], AssignedAs.HANDLER, by=actor)
    return held


@transaction.atomic
def case_decline(*, actor: Member, case: RightsCase, reason: str) -> RightsCase:
    """Decline a request; the applicant reads the reason and may object, which takes it to the level above.

    A case that was accepted before ends only by a closure that two people decide on.
    """
    if locks.hold(case).number:
        raise DomainError(_("This case was accepted before. Accept it, and propose to close it."), code="accepted")
    held = advance(case, CaseState.NOT_ACCEPTED, actor=actor, reason=reason, declined_at=timezone.now())
    deadline_meet(about=held, code=ACCEPTANCE, actor=actor)
    deadline_end(about=held, code=LIMITATION, actor=actor)
    return held


@transaction.atomic
def case_transfer(*, actor: Member, case: RightsCase, organization: Organization, reason: str) -> RightsCase:
    """Hand a case to another union, which must accept it anew; the reader of this case then loses access."""
    held = locks.hold(case)
    if organization.pk == held.organization_id:
        raise DomainError(_("The case is already with this union."), code="same-place")
    if held.unit is not None and organization.path.startswith(held.unit.path):
        raise DomainError(_("A case cannot be handled by the applicant's own unit."), code="own-unit")
    if held.state == CaseState.HANDLING:
        held = advance(held, CaseState.SUBMITTED, actor=actor)
    elif held.state != CaseState.SUBMITTED:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    audit_record(
        actor=actor,
        action="case.transfer",
        about=held,
        data={"from": held.organization_id, "to": organization.pk},
    )
    note_write(actor=actor, case=held, text=reason)
    case_restart(held, organization)
    if not people_of(held):
        raise DomainError(_("Nobody at this union can take the case."), code="nobody-there")
    return held


@transaction.atomic
def case_assign(*, actor: Member, case: RightsCase, member: Member) -> RightsCase:
    """Give a case to a handler, who is told; refused for people whom the applicant or the law keeps away."""
    held = locks.hold(case)
    if held.state not in OPEN_CASES:
        raise DomainError(_("This case is closed."), code="closed")
    if held.assignments.filter(member=member, stepped_out=True).exists():
        raise DomainError(_("This person stepped out of the case."), code="stepped-out")
    if is_kept_away(member, held.unit, held.kept_away or "") or member not in who_may_handle(held, Capability.EDIT):
        raise DomainError(_("This person cannot be given this case."), code="kept-away")
    new = case_give(held, [member], AssignedAs.HANDLER, by=actor)
    audit_record(actor=actor, action="case.staff", about=held, data={"members": [member.pk]})
    if new and member.pk != actor.pk:
        case_tell(held, new, "rights.case_assigned")
    return held


@transaction.atomic
def case_step_out(*, actor: Member, case: RightsCase, reason: str) -> RightsCase:
    """End the actor's own access at once; the supervisors read the reason and have the case."""
    held = locks.hold(case)
    mine = list(held.assignments.current().filter(member=actor).select_for_update())
    if not mine:
        raise DomainError(_("You are not assigned to this case."), code="not-assigned")
    for row in mine:
        row.valid_until, row.stepped_out, row.reason = timezone.localdate(), True, reason
        row.save(update_fields=["valid_until", "stepped_out", "reason"])
    audit_record(actor=actor, action="case.step_out", about=held)
    case_give(held, who_may_handle(held, Capability.APPROVE), AssignedAs.SUPERVISOR)
    left = people_of(held)
    if not left:
        raise DomainError(
            _("Nobody else can take this case. Ask the level above to appoint somebody first."), code="nobody-left"
        )
    case_tell(held, left, "rights.case_left")
    return held


@transaction.atomic
def case_readmit(*, actor: Member, case: RightsCase, member: Member) -> RightsCase:
    """Lift that ``member`` stepped out, so that the case may be given to them again; this alone opens it to nobody."""
    held = locks.hold(case)
    rows = list(held.assignments.filter(member=member, stepped_out=True))
    if not rows:
        raise DomainError(_("This person has not stepped out of the case."), code="not-out")
    for row in rows:
        row.stepped_out = False
        row.save(update_fields=["stepped_out"])
    audit_record(actor=actor, action="case.readmit", about=held, data={"member": member.pk})
    return held
