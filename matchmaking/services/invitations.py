"""Services for invitations to a restricted event: people and units on its list, and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventState
from matchmaking.models import Invitation, MatchEvent
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.choices import MaritalStatus
from portal.members.models import Member
from portal.messaging.choices import Channel
from portal.messaging.models import Message
from portal.messaging.services.messages import messages_post
from portal.signups.choices import LIVE

if TYPE_CHECKING:
    from portal.organizations.models import Organization

# States in which invited people are notified, as the link works; before that the list is written without messages.
TELLING = (EventState.PUBLISHED,)


@transaction.atomic
def invitation_add(
    *, actor: Member, event: MatchEvent, member: Member | None = None, unit: Organization | None = None
) -> Invitation:
    """Invite one person, or everybody of one unit; a repeat changes nothing.

    Once the event is open for sign-up they are notified at once.
    """
    held = locks.hold(event)
    place = member.organization if member is not None else unit
    if place is None or not place.path.startswith(held.organization.path):
        raise DomainError(_("This event is for members of the organisations below the organiser."), code="away")
    row, created = Invitation.objects.get_or_create(
        event=held, member=member, unit=unit, defaults={"invited_by": actor}
    )
    if created:
        audit_record(actor=actor, action="invitation.create", about=row)
        invitations_tell(event=held, actor=actor)
    return row


@transaction.atomic
def invitation_remove(*, actor: Member, invitation: Invitation) -> None:
    """Remove an invitation; refused once somebody has signed up by it."""
    event = locks.hold(invitation.event)
    people = Q(member=invitation.member_id) if invitation.member_id else Q(unit=invitation.unit_id)
    if event.signups.filter(people, state__in=LIVE).exists():
        raise DomainError(_("Somebody has already signed up with this invitation."), code="in-use")
    audit_record(actor=actor, action="invitation.remove", about=invitation)
    invitation.delete()


def invited_people(event: MatchEvent) -> QuerySet[Member]:
    """Return the invited people; of invited units those who may be single and have an account."""
    listed = event.invitations.all()
    of_units = Q(
        organization__in=listed.exclude(unit=None).values("unit"),
        activated_at__isnull=False,
    ) & ~Q(marital_status=MaritalStatus.OTHER)
    people = Member.objects.filter(Q(pk__in=listed.exclude(member=None).values("member")) | of_units)
    return people.filter(is_active=True)


@transaction.atomic
def invitations_tell(*, event: MatchEvent, actor: Member) -> int:
    """Notify invited people who were not notified yet; return how many.

    Before publication nobody is notified.
    """
    if event.state not in TELLING:
        return 0
    told = Message.objects.filter(
        kind="matchmaking.invited", about_model=event._meta.label_lower, about_id=event.pk
    ).values("recipient")
    people = list(invited_people(event).exclude(pk__in=told))
    messages_post(
        kind="matchmaking.invited",
        recipients=[(member, {"title": event.title}) for member in people],
        about=event,
        url=event.get_member_url(),
        channels=(Channel.IN_APP, Channel.SMS),
    )
    if people:
        audit_record(actor=actor, action="event.invite", about=event, data={"people": len(people)})
    return len(people)


@transaction.atomic
def erase_invitations(*, member: Member) -> int:
    """Remove a person from every list of invited people; return from how many."""
    return Invitation.objects.filter(member=member).delete()[0]
