"""Services for dated facts of organisations, committees and head counts; history is kept as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services.touching import touch, touches_post
from portal.organizations.choices import CommitteeKind
from portal.organizations.models import HeadCount, Organization, WomenCommittee

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from portal.members.models import Member

COMMITTEE, HEAD_COUNT = "organizations.womencommittee", "organizations.headcount"
COUNTS = ("workers", "women_workers", "members", "women_members")


def term_end(term_from: date, years: int | None) -> date | None:
    """Return the day on which a term of ``years`` ends; a term from 29 February may end on the 28th."""
    if not years:
        return None
    try:
        return term_from.replace(year=term_from.year + years)
    except ValueError:
        return term_from.replace(year=term_from.year + years, day=28)


def _not_in_future(day: date) -> None:
    if day > timezone.localdate():
        raise DomainError(_("Choose today or a day in the past."), code="future")


def committee_build(
    *,
    organization: Organization,
    kind: str,
    term_from: date,
    founded_on: date | None = None,
    term_years: int | None = None,
    chair: Member | None = None,
    chair_post: str = "",
) -> WomenCommittee:
    """Return an unsaved term; the term of a commissioner has no fixed end."""
    years = term_years if kind == CommitteeKind.COMMITTEE else None
    return WomenCommittee(
        organization=organization,
        kind=kind,
        founded_on=founded_on,
        term_from=term_from,
        term_years=years,
        term_ends_on=term_end(term_from, years),
        chair=chair,
        chair_post=chair_post,
    )


@transaction.atomic
def committee_record(*, actor: Member, organization: Organization, term_from: date, **fields: Any) -> WomenCommittee:
    """Record a new term of a women's committee or commissioner; the term before ends on the same day."""
    held = locks.hold(organization)
    _not_in_future(term_from)
    if held.closed_on:
        raise DomainError(_("This organisation has been closed."), code="closed")
    if held.committees.filter(term_from__gte=term_from).exists():
        raise DomainError(_("A term that begins on or after that day is already recorded."), code="later-term")
    held.committees.filter(ended_on=None).update(ended_on=term_from)
    held.committees.filter(ended_on__gt=term_from).update(ended_on=term_from)
    row = committee_build(organization=held, term_from=term_from, **fields)
    row.full_clean(exclude=["organization", "chair"])
    row.save(force_insert=True)
    audit_record(actor=actor, action="committee.record", about=row, fields=["term_from", *fields])
    touch(COMMITTEE, held.pk, term_from)
    return row


@transaction.atomic
def committee_end(*, actor: Member, organization: Organization, on: date | None = None) -> WomenCommittee:
    """End the committee or commissioner of an organisation without a successor."""
    held = locks.hold(organization)
    on = on or timezone.localdate()
    _not_in_future(on)
    row = held.committees.filter(ended_on=None).first()
    if row is None or on <= row.term_from:
        raise DomainError(_("There is no committee that could be ended on that day."), code="no-committee")
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    audit_record(actor=actor, action="committee.end", about=row, fields=["ended_on"])
    touch(COMMITTEE, held.pk, on)
    return row


def committees_bulk_create(*, rows: Sequence[WomenCommittee]) -> list[WomenCommittee]:
    """Insert terms that were built before; the previous terms end on the days these begin.

    Each organisation occurs at most once in ``rows``.
    """
    begins = {row.organization_id: row.term_from for row in rows}
    before = list(
        WomenCommittee.objects.filter(organization__in=begins).filter(Q(ended_on=None) | Q(ended_on__gt=F("term_from")))
    )
    ending = [row for row in before if row.ended_on is None or row.ended_on > begins[row.organization_id]]
    for row in ending:
        row.ended_on = begins[row.organization_id]
    WomenCommittee.objects.bulk_update(ending, ["ended_on"], batch_size=1000)
    touches_post([(COMMITTEE, row.organization_id, row.term_from) for row in rows])
    return WomenCommittee.objects.bulk_create(rows, batch_size=1000)


@transaction.atomic
def head_count_record(*, actor: Member, organization: Organization, on: date, **counts: int) -> HeadCount:
    """Record the counts of a day, or correct the counts on record for it."""
    held = locks.hold(organization)
    _not_in_future(on)
    row = held.head_counts.filter(on=on).first() or HeadCount(organization=held, on=on)
    touched = [name for name in COUNTS if getattr(row, name) != counts[name]]
    for name in touched:
        setattr(row, name, counts[name])
    row.full_clean(exclude=["organization"])
    row.save()
    audit_record(actor=actor, action="head-count.record", about=row, fields=["on", *touched])
    touch(HEAD_COUNT, held.pk, on)
    return row


def head_counts_bulk_create(*, rows: Sequence[HeadCount]) -> list[HeadCount]:
    """Insert counts that were built before."""
    touches_post([(HEAD_COUNT, row.organization_id, row.on) for row in rows])
    return HeadCount.objects.bulk_create(rows, batch_size=2000)


def head_counts_take_back(*, ids: Collection[int]) -> int:
    """Delete the counts that an import wrote; return their number."""
    rows = HeadCount.objects.filter(pk__in=ids)
    touches_post([(HEAD_COUNT, pk, on) for pk, on in rows.values_list("organization_id", "on")])
    return rows.delete()[0]


def committees_take_back(*, ids: Collection[int]) -> int:
    """Delete the terms that an import wrote and reopen the terms before them; return the number deleted."""
    rows = list(WomenCommittee.objects.filter(pk__in=ids))
    touches_post([(COMMITTEE, row.organization_id, row.term_from) for row in rows])
    count = WomenCommittee.objects.filter(pk__in=ids).delete()[0]
    for row in rows:
        before = WomenCommittee.objects.filter(organization=row.organization_id, ended_on=row.term_from)
        before.update(ended_on=None)
    return count
