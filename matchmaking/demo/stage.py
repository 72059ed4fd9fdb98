"""The organiser of the demo's events: times, the staff who act on the events, and the participants."""

import random
from datetime import timedelta

from django.utils import timezone

from deploy.demo_data.cast import SEED
from matchmaking import consents
from matchmaking.choices.events import EventMode
from matchmaking.choices.profiles import ProfileState
from matchmaking.demo.picks import choose
from matchmaking.demo.words import line
from matchmaking.models import Block, HotlineTicket, Participation, SingleProfile
from matchmaking.services.choosing import choices_set, event_open_choice, event_reveal
from matchmaking.services.events import event_approve, event_close_sign_up, event_create, event_publish, event_submit
from matchmaking.services.hotline import CLOCK
from matchmaking.services.participations import event_join
from portal.deadlines.models import Deadline
from portal.signups.choices import SignUpState

ONLINE = "腾讯会议，会议号在活动前一天通知"


def put_due(ticket, day):
    """Move the due day of a ticket, and of its deadline, past the services: the demo needs late tickets."""
    HotlineTicket.objects.filter(pk=ticket.pk).update(due_on=day)
    Deadline.objects.open().filter(code=CLOCK, about_id=ticket.pk).update(due_on=day, unmoved_on=day, provisional=False)


def windows_ahead(*, opens, closes, choice, lasts=2):
    """Return the times of an event, from days relative to now.

    ``opens`` and ``closes`` are for the sign-up, ``choice`` for the start of the choice round; the round takes
    ``lasts`` days.
    """
    hour = timezone.localtime().replace(minute=0, second=0, microsecond=0)

    def at(days, clock):
        return (hour + timedelta(days=days)).replace(hour=clock)

    return {
        "signup_opens_at": at(opens, 9),
        "signup_closes_at": at(closes, 18),
        "choice_opens_at": at(choice, 20),
        "choice_closes_at": at(choice + lasts, 20),
        "starts_at": at(choice, 14),
        "ends_at": at(choice, 17),
    }


def windows_now():
    """Return the times of an event that takes all its steps now and is over in half an hour.

    The services check sign-up and choices against the clock, so the sign-up must still be open while the data is
    loaded.
    """
    now = timezone.localtime().replace(second=0, microsecond=0)
    closes = now + timedelta(minutes=20 - now.minute % 5)
    begun = (now - timedelta(days=7)).replace(hour=19, minute=0)
    return {
        "signup_opens_at": (now - timedelta(days=14)).replace(hour=9, minute=0),
        "signup_closes_at": closes,
        "choice_opens_at": closes,
        "choice_closes_at": closes + timedelta(minutes=10),
        "starts_at": begun,
        "ends_at": closes + timedelta(minutes=10),
    }


def windows_in_choice():
    """Return the times of an event with a choice round open for a week.

    The sign-up ends shortly after the data is loaded.
    """
    now = timezone.localtime().replace(second=0, microsecond=0)
    closes = now + timedelta(minutes=20 - now.minute % 5)
    return {
        "signup_opens_at": (now - timedelta(days=10)).replace(hour=9, minute=0),
        "signup_closes_at": closes,
        "choice_opens_at": closes,
        "choice_closes_at": (now + timedelta(days=7)).replace(hour=20, minute=0),
        "starts_at": (now - timedelta(days=1)).replace(hour=19, minute=0),
        "ends_at": closes,
    }


class Stage:
    """The staff who act on the events of one organisation, and the members who take part."""

    def __init__(self, *, organization, proposer, approver, members):
        self.organization = organization
        self.proposer = proposer
        self.approver = approver
        self.members = members
        self.rng = random.Random(SEED + organization.pk % 7)  # noqa: S311 - lines and choices of invented people

    def plan(self, title, summary, *, times, places, mode=EventMode.ONLINE, place=ONLINE):
        """Create the draft of an event."""
        men, women = places
        return event_create(
            actor=self.proposer,
            organization=self.organization,
            title=title,
            summary=summary,
            mode=mode,
            place=place,
            men_quota=men,
            women_quota=women,
            **times,
        )

    def submit(self, event):
        return event_submit(event=event, actor=self.proposer)

    def approve(self, event):
        return event_approve(event=self.submit(event), actor=self.approver)

    def publish(self, event):
        """Take a draft through approval to publication."""
        return event_publish(event=self.approve(event), actor=self.proposer)

    def join(self, event, singles):
        """Sign up ``singles`` one after the other, except those who may not take part.

        Returns their participations by phone.
        """
        found = {}
        standing = declare([self.members[single.person.phone] for single in singles])
        for single in singles:
            member = self.members[single.person.phone]
            if member.pk not in standing:
                continue
            found[single.person.phone], _new = event_join(event=event, member=member, actor=member, line=line(self.rng))
        return found

    def open_choice(self, event):
        event = event_close_sign_up(event=event, actor=self.proposer)
        return event_open_choice(event=event, actor=self.proposer)

    def choose(self, event, men, women, **how):
        """Let the participants ``men`` and ``women`` choose; return the mutual pairs as phones."""
        rows = Participation.objects.filter(offering=event, state=SignUpState.CONFIRMED)
        phones = {member.pk: phone for phone, member in self.members.items()}
        places = {phones[row.member_id]: row for row in rows.select_related("offering__organization", "member")}
        men, women = ([one.person.phone for one in side if one.person.phone in places] for side in (men, women))
        chosen, mutual = choose(men, women, rng=self.rng, **how)
        apart = Block.objects.apart(row.member_id for row in places.values())
        for phone, others in chosen.items():
            row = places[phone]
            rows = [places[other] for other in others]
            picked = [other.pk for other in rows if frozenset((row.member_id, other.member_id)) not in apart]
            if picked:
                choices_set(participation=row, chosen=picked, actor=self.members[phone])
        return [pair for pair in mutual if frozenset(places[phone].member_id for phone in pair) not in apart]

    def reveal(self, event):
        return event_reveal(event=event, actor=self.proposer)


def declare(members):
    """Write a confirmed declaration for each of ``members`` without a profile.

    Returns the ids of the members who may take part in events for singles. They take part in events and are found by
    nobody. The rows have the form that the services write.
    """
    known = set(SingleProfile.objects.filter(member__in=members).values_list("member", flat=True))
    now = timezone.now()
    SingleProfile.objects.bulk_create(
        SingleProfile(
            member=member,
            state=ProfileState.VERIFIED,
            nickname=f"参加者{member.pk}",
            about="想先参加活动，认识新朋友。",
            region=member.organization.region,
            declared_at=now,
            declaration_version=consents.SINGLE.version,
            submitted_at=now,
            vetting_organization_id=member.organization.parent_id,
            vetted_at=now,
            verified_until=timezone.localdate() + timedelta(days=300),
            vouched_unit=member.organization,
            edited_at=now,
        )
        for member in members
        if member.pk not in known
    )
    return set(SingleProfile.objects.standing().filter(member__in=members).values_list("member", flat=True))


def mixed(rng, *sides):
    """Return the people of ``sides`` in a random order for signing up."""
    everyone = [one for side in sides for one in side]
    rng.shuffle(everyone)
    return everyone
