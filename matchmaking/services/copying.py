"""Events made out of something: of another event, or of demands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventDemand, EventPartner, MatchEvent
from matchmaking.services.demands import demands_attach
from matchmaking.services.events import event_create
from portal.core import locks
from portal.core.bounds import PLANNED
from portal.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matchmaking.querysets.planning import DemandQuerySet
    from portal.members.models import Member
    from portal.organizations.models import Organization

COPIED = (
    "summary",
    "mode",
    "place",
    "men_quota",
    "women_quota",
    "choices_per_person",
    "age_from",
    "age_to",
    "series",
    "theme",
    "venue",
    "target_group",
    "restricted",
    "needs_review",
    "balance_tolerance",
    "unit_cap",
    "table_minutes",
)
TIMES = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at", "choice_opens_at", "choice_closes_at")


@transaction.atomic
def event_copy(*, actor: Member, event: MatchEvent, title: str, starts_at: datetime) -> MatchEvent:
    """Plan a new event like ``event``: its facts and partners, all times moved by as much as the beginning.

    People, invitations, costs and demands are not copied: they belong to the one event.
    """
    PLANNED.check(starts_at)
    shift = starts_at - event.starts_at
    made = event_create(
        actor=actor,
        organization=event.organization,
        title=title,
        copied_from=event,
        **{name: getattr(event, name) for name in COPIED},
        **{name: getattr(event, name) + shift for name in TIMES},
    )
    EventPartner.objects.bulk_create(
        EventPartner(
            event=made,
            kind=row.kind,
            name=row.name,
            organization_id=row.organization_id,
            contribution=row.contribution,
        )
        for row in event.partners.all()
    )
    return made


@transaction.atomic
def demands_merge(*, actor: Member, demands: DemandQuerySet, organization: Organization, title: str) -> MatchEvent:
    """Make one event draft out of several demands: theme, mode and places come from them, the times from a month on."""
    held = locks.hold_all(demands)
    if not held:
        raise DomainError(_("Tick at least one demand."), code="none")
    themes = {row.theme for row in held if row.theme_id}
    theme = themes.pop() if len(themes) == 1 else None
    people = sum(row.people for row in held)
    places = max(min(-(-people // 2), 5000), 1)
    event = event_create(
        actor=actor,
        organization=organization,
        title=title,
        summary=(theme.summary if theme else "") or title,
        theme=theme,
        men_quota=places,
        women_quota=places,
        **({"mode": theme.mode} if theme else {}),
        **_times(held),
    )
    demands_attach(actor=actor, demands=demands, event=event)
    return event


def _times(rows: Iterable[EventDemand]) -> dict[str, datetime]:
    """Return times to start from: an afternoon in a month, not before the latest "not before"."""
    today = timezone.localdate()
    day = max([today + timedelta(days=30), *(row.wanted_from for row in rows if row.wanted_from)])
    noon = timezone.localtime().replace(minute=0, second=0, microsecond=0)

    def at(offset: int, hour: int) -> datetime:
        return (noon + timedelta(days=(day - today).days + offset)).replace(hour=hour)

    return {
        "signup_opens_at": noon + timedelta(days=3),
        "signup_closes_at": at(-3, 18),
        "starts_at": at(0, 14),
        "ends_at": at(0, 17),
        "choice_opens_at": at(0, 18),
        "choice_closes_at": at(2, 20),
    }
