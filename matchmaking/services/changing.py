"""Services to change the times, place, quotas or purpose of a public event, and to copy an event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import BEFORE_CHOICE, EventState, Pool
from matchmaking.choices.letters import LetterTo
from matchmaking.models import EventDemand, EventPartner, MatchEvent
from matchmaking.services.demands import demands_attach
from matchmaking.services.events import event_create
from matchmaking.services.participations import tell_offered
from matchmaking.services.venues import guarded, venue_check
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.bounds import PLANNED
from portal.core.errors import DomainError
from portal.messaging.choices import Channel
from portal.messaging.services.messages import messages_post
from portal.signups import services as engine
from portal.signups.choices import HOLDING, LIVE, SignUpState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matchmaking.querysets.demands import DemandQuerySet
    from matchmaking.querysets.participations import ParticipationQuerySet
    from portal.members.models import Member
    from portal.organizations.models import Organization

CHANGEABLE = (EventState.APPROVED, *BEFORE_CHOICE)
LETTERS: dict[str, tuple[SignUpState, ...]] = {
    LetterTo.CONFIRMED: (SignUpState.CONFIRMED,),
    LetterTo.WAITING: (SignUpState.WAITLISTED, SignUpState.OFFERED, SignUpState.APPLIED),
    LetterTo.EVERYONE: LIVE,
}
DAY_LIMIT = 5


def _held(event: MatchEvent, version: int) -> MatchEvent:
    held = locks.hold_version(event, version)
    if held.state not in CHANGEABLE:
        raise DomainError(_("This can be changed from the approval until the choice round opens."), code="too-late")
    return held


def _apply(held: MatchEvent, fields: Mapping[str, object], actor: Member, action: str) -> list[str]:
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    held.version += 1
    venue_check(held)
    held.full_clean(exclude=["organization", "created_by"])
    with guarded(held):
        held.save(update_fields=[*touched, "version"])
    audit_record(actor=actor, action=action, about=held, fields=touched)
    return touched


@transaction.atomic
def event_change(
    *, actor: Member, event: MatchEvent, version: int, purpose_note: str = "", **fields: Any
) -> MatchEvent:
    """Change time, place, venue or link of an approved or published event and tell everyone on its lists.

    With ``purpose_note`` the purpose changes, and the earlier consent no longer covers it. Each participant is asked
    anew, and the card is hidden until they agree.
    """
    held = _held(event, version)
    if purpose_note:
        fields |= {"purpose_note": purpose_note, "consent_version": held.consent_version + 1}
    if not _apply(held, fields, actor, "event.change"):
        raise DomainError(_("Nothing was changed."), code="unchanged")
    people = _members(held.signups.filter(state__in=LIVE))
    kind = "matchmaking.purpose_changed" if purpose_note else "matchmaking.event_changed"
    context = {"title": held.title, "at": timezone.localtime(held.starts_at).isoformat()}
    messages_post(
        kind=kind,
        recipients=[(member, context) for member in people],
        about=held,
        url=held.get_member_url(),
        channels=(Channel.IN_APP, Channel.SMS),
    )
    return held


def _members(rows: ParticipationQuerySet) -> list[Member]:
    return [row.member for row in rows.select_related("member").order_by("place")]


@transaction.atomic
def event_quotas_set(*, actor: Member, event: MatchEvent, version: int, **fields: Any) -> MatchEvent:
    """Change places, balance or the limit per unit after approval; freed places are offered at once.

    No list becomes shorter than the number of places that are held.
    """
    held = _held(event, version)
    for pool, name in ((Pool.MEN, "men_quota"), (Pool.WOMEN, "women_quota")):
        taken = held.signups.filter(pool=pool, state__in=HOLDING).count()
        if fields.get(name, getattr(held, name)) < taken:
            raise DomainError(
                _("%(count)s places on this list are already taken: the number of places cannot be lower than that.")
                % {"count": taken},
                code="held",
            )
    _apply(held, fields, actor, "event.quotas")
    tell_offered(held, engine.promote(offering=held))
    return held


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
    """Create a draft like ``event``: its facts and partners, with all times shifted like the start.

    People, invitations, costs and demands are not copied: they belong to the original event.
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
    """Create one event draft from several demands.

    Theme, mode and places come from the demands; the times start a month from now.
    """
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
    """Return initial times: an afternoon in a month, but not before the latest "not before"."""
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
