"""Changing an event that is public already: times, place, quotas, purpose; and writing to its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.events import BEFORE_CHOICE, EventState, LetterTo, Pool
from matchmaking.models import EventLetter, MatchEvent, Participation
from matchmaking.services.signing_up import tell_offered
from matchmaking.services.venues import guarded, venue_check
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.services.consents import consent_give
from portal.messaging.choices import Channel
from portal.messaging.services.messages import messages_post
from portal.signups import services as engine
from portal.signups.choices import HOLDING, LIVE, SignUpState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matchmaking.querysets.events import ParticipationQuerySet
    from portal.members.models import Member

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
    """Change time, place, venue or link of an approved or published event; everyone who stands on its lists is told.

    With ``purpose_note`` the purpose changes: what people agreed to no longer covers it. Each is asked anew, and until
    she agrees her card is not shown.
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
    """Change places, balance or the cap of a unit after approval; freed places are offered at once.

    No list becomes shorter than the places that are held.
    """
    held = _held(event, version)
    for pool, name in ((Pool.MEN, "men_quota"), (Pool.WOMEN, "women_quota")):
        taken = held.signups.filter(pool=pool, state__in=HOLDING).count()
        if fields.get(name, getattr(held, name)) < taken:
            raise DomainError(
                _("%(count)s places of this list are held already: it cannot become shorter than that.")
                % {"count": taken},
                code="held",
            )
    _apply(held, fields, actor, "event.quotas")
    tell_offered(held, engine.promote(offering=held))
    return held


@transaction.atomic
def consent_renew(*, participation: Participation, actor: Member) -> Participation:
    """Agree anew to the changed purpose: her card is shown again."""
    if participation.member_id != actor.pk:
        raise DomainError(_("Only you yourself can agree."), code="not-yours")
    event = locks.hold(participation.offering)
    row = locks.hold(participation)
    refusal = event.standing_refusal(actor)
    if refusal:
        raise DomainError(refusal, code="no-standing")
    if row.state not in LIVE:
        raise DomainError(_("You do not take part in this event."), code="not-in")
    row.consent_version = event.consent_version
    row.save(update_fields=["consent_version"])
    consent_give(member=actor, purpose=consents.event_purpose(event), about_id=event.pk)
    return row


def letter_people(event: MatchEvent, to: str) -> ParticipationQuerySet:
    """Return the sign-ups a letter to ``to`` reaches."""
    return Participation.objects.filter(offering=event, state__in=LETTERS[to]).select_related("member")


@transaction.atomic
def letter_send(*, actor: Member, event: MatchEvent, to: str, title: str, words: str) -> EventLetter:
    """Write to the people of an event: the letter stands on their page, a message says so. Five a day at most."""
    held = locks.hold(event)
    if held.state not in CHANGEABLE and held.state != EventState.CHOICE_OPEN:
        raise DomainError(_("Letters go out from the approval until the reveal."), code="no-letters")
    if held.letters.filter(created_at__date=timezone.localdate()).count() >= DAY_LIMIT:
        raise DomainError(_("Five letters went out today. Let people rest until tomorrow."), code="enough")
    people = [row.member for row in letter_people(held, to)]
    if not people:
        raise DomainError(_("Nobody is on this list."), code="nobody")
    row = EventLetter(event=held, to=to, title=title, words=words, people=len(people), sent_by=actor)
    row.full_clean(exclude=["event", "sent_by"])
    row.save(force_insert=True)
    messages_post(
        kind="matchmaking.letter",
        recipients=[(member, {"title": held.title, "letter": row.title}) for member in people],
        about=held,
        url=held.get_member_url(),
    )
    audit_record(actor=actor, action="letter.send", about=row, data={"people": len(people)})
    return row
