"""Builders of pairs after the reveal, weddings, nominations, publications and hotline tickets."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from matchmaking.choices.hotline import TicketKind
from matchmaking.choices.publicity import Medium
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import GroupWedding, MediaRelease, Pair
from matchmaking.services.couples import couple_ask, couple_confirm
from matchmaking.services.follow_ups import follow_ups_open
from matchmaking.services.hotline import ticket_log
from matchmaking.services.publicity import nomination_ask
from matchmaking.services.weddings import wedding_create
from portal.core.choices import Sex
from tests.factories.matchmaking import make_event, make_law, make_participation, make_single
from tests.factories.members import make_staff, phone_number
from tests.factories.organizations import make_organization

_numbers = count(70_001)


def make_known(organization=None, sex=Sex.FEMALE, **fields):
    """Create a single whose phone number is confirmed."""
    number = phone_number(next(_numbers))
    return make_single(organization, sex, phone=number, phone_confirmed_at=timezone.now(), **fields)


def make_pair(event=None, *, held_on=None, **fields):
    """Create a pair of a woman and a man with confirmed phone numbers, and its three follow-ups."""
    event = event or make_event()
    one, two = (make_participation(event, make_known(event.organization, sex)) for sex in (Sex.FEMALE, Sex.MALE))
    held_on = held_on or timezone.localdate()
    pair = Pair.objects.create(event=event, one=one, two=two, held_on=held_on)
    follow_ups_open(pairs=[pair], held_on=held_on)
    if fields:
        Pair.objects.filter(pk=pair.pk).update(**fields)
    return Pair.objects.select_related("event__organization", "one__member", "two__member").get(pk=pair.pk)


def make_wedding(organization=None, *, state=WeddingState.OPEN, created_by=None, **fields):
    """Create a group wedding of a city with two places, by default open."""
    make_law()
    organization = organization or make_organization()
    fields = {
        "title": "示例集体婚礼",
        "summary": "一起出发",
        "on": timezone.localdate() + timedelta(days=40),
        "place": "示例公园",
        "couples_most": 2,
        "closes_at": timezone.now() + timedelta(days=20),
        **fields,
    }
    actor = created_by or make_staff(organization)
    wedding = wedding_create(actor=actor, organization=organization, **fields)
    return put_wedding(wedding, state)


def put_wedding(wedding, state=None, **fields):
    """Set the state or the days of a wedding as if that had happened; return it from the database."""
    GroupWedding.objects.filter(pk=wedding.pk).update(**fields, **({"state": state} if state else {}))
    return GroupWedding.objects.select_related("organization", "created_by").get(pk=wedding.pk)


def make_asked(wedding, asker=None, partner=None):
    """Let one person ask the other to apply as a couple; return (couple, partner)."""
    asker = asker or make_known(wedding.organization)
    partner = partner or make_known(wedding.organization, Sex.MALE)
    return couple_ask(wedding=wedding, actor=asker, phone=partner.phone), partner


def make_couple(wedding, asker=None, partner=None):
    """Create a couple that has applied."""
    couple, partner = make_asked(wedding, asker, partner)
    return couple_confirm(couple=couple, actor=partner)


def make_nomination(organization=None, *, actor=None, member=None, **fields):
    """Propose a person to a medium; the person has not answered yet."""
    organization = organization or make_organization()
    member = member or make_known(organization)
    fields = {"medium": Medium.TELEVISION, "programme": "示例栏目", "purpose": "讲述相识的故事", **fields}
    return nomination_ask(
        actor=actor or make_staff(organization), organization=organization, phone=member.phone, **fields
    )


def make_release(organization=None, **fields):
    """Create a publication."""
    fields = {
        "medium": Medium.NEWSPAPER,
        "title": "示例报道",
        "outlet": "示例工人报",
        "published_on": timezone.localdate(),
        **fields,
    }
    return MediaRelease.objects.create(organization=organization or make_organization(), **fields)


def make_ticket(organization=None, *, actor=None, **fields):
    """Create a hotline ticket."""
    make_law()
    organization = organization or make_organization()
    fields = {"kind": TicketKind.EVENT, "subject": "咨询活动", "words": "想问活动时间", **fields}
    return ticket_log(actor=actor or make_staff(organization), organization=organization, **fields)
