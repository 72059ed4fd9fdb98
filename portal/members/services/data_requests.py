"""Requests of members to correct or delete their data, and answers in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.text import clean_prose
from portal.deadlines.services import deadline_day, deadline_end, deadline_meet, deadline_start
from portal.members.choices import DataRequestKind, DataRequestState
from portal.members.models import DataRequest, Member
from portal.members.services.erasing import farewell, member_erase
from portal.messaging.services.messages import message_post

if TYPE_CHECKING:
    pass

ASKED_A_DAY = 10
DOWNLOADS_AN_HOUR = 10
HOUR, DAY = 3600, 24 * 3600
CLOCK = "members.data_request"


def data_request_open(*, member: Member, kind: str, words: str) -> DataRequest:
    """Record a request of ``member``; only one request of each kind may be open at a time."""
    if kind not in DataRequestKind.values:
        raise DomainError(_("This cannot be requested."), code="kind")
    with transaction.atomic():
        held = locks.hold(member)
        if held.organization_id is None:
            raise DomainError(_("You do not belong to a unit yet, so nobody could answer the request."), code="no-unit")
        if DataRequest.objects.open().filter(member=held, kind=kind).exists():
            raise DomainError(_("You have already made this request; it is being processed."), code="asked")
        limits.take(limits.Limit("data_request", str(held.pk), ASKED_A_DAY, DAY))
        (pk,) = reserve_pks(DataRequest)
        today = timezone.localdate()
        due = deadline_day(CLOCK, on=today).day
        row = DataRequest(pk=pk, member=held, kind=kind, words=clean_prose(words), due_on=due)
        row.save(force_insert=True)
        deadline_start(about=row, code=CLOCK, on=today)
        audit_record(actor=held, action="member.data_request", about=row, data={"kind": str(kind)})
    return row


def data_request_settle(*, row: DataRequest, actor: Member, outcome: str, answer: str) -> DataRequest:
    """Answer a request as done, or refused with reasons, and tell the member who asked.

    Nobody may answer their own request.
    """
    if row.member_id == actor.pk:
        raise DomainError(_("You cannot answer your own request."), code="own")
    if outcome not in (DataRequestState.DONE, DataRequestState.REFUSED):
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    with transaction.atomic():
        held = advance(
            row,
            DataRequestState(outcome),
            actor=actor,
            answer=clean_prose(answer),
            settled_by=actor,
            settled_at=timezone.now(),
        )
        deadline_meet(about=held, code=CLOCK, actor=actor)
        if held.kind == DataRequestKind.DELETE and held.state == DataRequestState.DONE:
            _erase(held, actor)
        else:
            message_post(
                kind="members.data_request_settled",
                to=held.member,
                about=held,
                context={"kind": str(held.kind), "done": held.state == DataRequestState.DONE},
                url=held.get_absolute_url(),
            )
    return held


def _erase(row: DataRequest, actor: Member) -> None:
    """Erase the member who asked, and tell them by SMS after the commit.

    The message goes to the number that the member had, and is kept nowhere.
    """
    member = row.member
    phone, language = member.phone, member.language or settings.LANGUAGE_CODE
    member_erase(member=member, actor=actor)
    if phone:
        transaction.on_commit(lambda: farewell(phone=phone, language=language, key=f"erased-{row.pk}"))


def data_request_withdraw(*, row: DataRequest, actor: Member) -> DataRequest:
    """Withdraw a request of one's own."""
    if row.member_id != actor.pk:
        raise DomainError(_("You are not permitted to take this step."), code="not-yours")
    with transaction.atomic():
        held = advance(row, DataRequestState.WITHDRAWN, actor=actor)
        deadline_end(about=held, code=CLOCK, actor=actor)
    return held


def own_data_note(*, member: Member, form: str) -> None:
    """Record that ``member`` downloaded their data as a file; TooMany past ten an hour."""
    limits.consume("own_data", str(member.pk), limit=DOWNLOADS_AN_HOUR, seconds=HOUR)
    audit_record(actor=member, action="member.own_data", about=member, data={"form": form})
