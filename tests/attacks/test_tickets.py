"""An admission ticket shows who takes part.

It proves nothing about a phone that the account got later.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.services.on_the_day import check_in
from portal.members.choices import SightingMeans
from portal.members.models import Member
from portal.members.services.proofs import sighting_note
from tests.factories.matchmaking import make_event, make_participation, make_single
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


def taken_part(unit, **phone):
    """Return a confirmed place of a person whose account has since become provisional."""
    event = make_event(unit.parent, state=EventState.RUNNING)
    row = make_participation(event, make_single(unit))
    Member.objects.filter(pk=row.member_id).update(proven_at=None, **phone)
    return event, type(row).objects.select_related("member__organization", "offering").get(pk=row.pk)


@pytest.fixture
def unit():
    return make_unit(make_organization())


def test_the_picture_of_a_ticket_does_not_confirm_a_phone_of_later(unit):
    """The picture of an admission ticket does not confirm a phone added later.

    The attack: a cadre moves the account; the person comes with a picture of the ticket; the check-in confirms the
    cadre's phone.
    """
    event, row = taken_part(unit, phone_index="cadre", phone_confirmed_at=timezone.now() + timedelta(seconds=1))
    door = make_staff(unit.parent)

    assert check_in(event=event, row=row, actor=door, ticket=True).arrival == "come_in"

    sighting_note(actor=make_staff(unit), member=row.member, phone_index="cadre", how=SightingMeans.IN_PERSON)
    held = Member.objects.get(pk=row.member_id)
    assert ([one.how for one in held.sightings.all()], held.is_proven) == ([SightingMeans.IN_PERSON], False)


def test_a_phone_that_was_never_confirmed_is_seen_by_nobody(unit):
    event, row = taken_part(unit, phone_index="typed", phone_confirmed_at=None)
    check_in(event=event, row=row, actor=make_staff(unit.parent), ticket=True)
    assert not row.member.sightings.exists()


def test_the_phone_of_then_is_seen(unit):
    event, row = taken_part(unit, phone_index="own", phone_confirmed_at=timezone.now() - timedelta(days=1))
    check_in(event=event, row=row, actor=make_staff(unit.parent), ticket=True)
    assert [one.how for one in row.member.sightings.all()] == [SightingMeans.CHECK_IN]
