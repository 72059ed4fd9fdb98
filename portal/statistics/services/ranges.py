"""Distinct people in a free range of months: counted on request, by a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.figures import People
from portal.core.periods import Period, PeriodKind
from portal.messaging.services.jobs import job_post, job_progress
from portal.messaging.services.messages import message_post
from portal.statistics.models import RangeCount
from portal.statistics.registry import indicators
from portal.statistics.selectors.rows import people_of

if TYPE_CHECKING:
    from portal.core.figures import Indicator
    from portal.members.models import Member
    from portal.messaging.models import Job
    from portal.organizations.models import Organization


@transaction.atomic
def range_count_ask(*, actor: Member, indicator: Indicator, organization: Organization, period: Period) -> RangeCount:
    """Request the number of distinct people in ``period``; a job counts them and notifies ``actor``.

    A request of the same actor that is still being counted is returned instead of a new one.
    """
    if not isinstance(indicator.figure, People) or period.kind != PeriodKind.RANGE:
        raise DomainError(
            _("Only figures that count different people are calculated on request; this figure is already available."),
            code="kind",
        )
    asked = RangeCount.objects.filter(
        actor=actor, indicator=indicator.code, organization=organization, first=period.start, last=period.end
    )
    waiting = asked.filter(value=None, job__finished_at=None).first()
    if waiting is not None:
        return waiting
    row = RangeCount.objects.create(
        actor=actor, indicator=indicator.code, organization=organization, first=period.start, last=period.end
    )
    row.job = job_post(kind="statistics.range_count", actor=actor, about_id=row.pk)
    row.save(update_fields=["job"])
    return row


def range_period(row: RangeCount) -> Period:
    """Return the period of a RangeCount."""
    return Period.range(row.first, row.last)


def range_count(job: Job) -> None:
    """Count the people of the range that a job names and notify its actor; a repeated run counts again.

    Refused if the actor may no longer see the figures.
    """
    row = RangeCount.objects.select_related("organization", "actor").get(pk=job.about_id)
    if not row.actor.can(Area.STATISTICS, Capability.VIEW, row.organization.path):
        raise DomainError(_("You may no longer see these figures."), code="reach")
    job_progress(job, 0, 1)
    indicator = indicators()[row.indicator]
    value = people_of(indicator, row.organization, range_period(row))
    with transaction.atomic():
        is_first = RangeCount.objects.filter(pk=row.pk, value=None).update(value=value, counted_at=timezone.now())
        if is_first:
            message_post(
                kind="statistics.range_counted",
                to=row.actor,
                about=row,
                context={"indicator": row.indicator, "first": row.first.isoformat(), "last": row.last.isoformat()},
            )
    job_progress(job, 1, 1)
