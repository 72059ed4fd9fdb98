"""Sentences that people read about an account or a request, and that the next step once broke."""

import pytest
from django.utils import timezone

from matchmaking.choices.couples import CoupleState
from matchmaking.models import WeddingCouple
from matchmaking.selectors.couples import couples_asking
from matchmaking.services.couples import couple_ask, couple_leave, couple_refuse
from portal.core.roles import Role
from portal.members.choices import ProofMeans
from portal.members.models import Member
from portal.members.services.phones import phone_change_stop_own, phone_changes_keep_time
from portal.members.services.proofs import sighting_note
from portal.messaging.models import Message
from portal.messaging.services.messages import message_words
from tests.factories.matchmaking_pairs import make_asked, make_wedding
from tests.factories.members import make_member, make_phone_change, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


def test_no_do_not_show_me_this_again_is_for_good():
    """The choice "do not show me this again" is permanent.

    The asker withdraws the request and asks again: that was five text messages a day to a person who had said no.
    """
    wedding = make_wedding()
    couple, partner = make_asked(wedding)
    asker = couple.asker
    couple_refuse(couple=couple, actor=partner)
    told = Message.objects.filter(recipient=partner).count()

    couple_leave(couple=WeddingCouple.objects.get(), actor=asker)
    again = couple_ask(wedding=wedding, actor=asker, phone=partner.phone)
    elsewhere = couple_ask(wedding=make_wedding(wedding.organization), actor=asker, phone=partner.phone)

    assert not couples_asking(partner).exists()
    assert Message.objects.filter(recipient=partner).count() == told
    # For the asker both look like any other request.
    assert (again.state, elsewhere.state) == (CoupleState.ASKED, CoupleState.ASKED)


def test_another_asker_is_heard():
    wedding = make_wedding()
    couple, partner = make_asked(wedding)
    couple_refuse(couple=couple, actor=partner)
    make_asked(wedding, partner=partner)
    assert couples_asking(partner).count() == 1


def test_who_stops_a_change_of_number_reads_that_the_union_was_told_and_it_was():
    unit = make_unit(make_organization())
    chair, cadre = make_staff(unit), make_staff(unit, Role.CADRE)
    person = make_member(unit, phone=phone_number(2801))
    phone_change_stop_own(member=person, change=make_phone_change(person, proposed_by=cadre))
    assert chair.pk in Message.objects.filter(kind="members.change_stopped").values_list("recipient", flat=True)


@pytest.mark.parametrize("closed", [False, True])
def test_confirmed_says_that_all_pages_are_open_only_where_they_are(closed):
    unit = make_unit(make_organization())
    person = make_member(unit, phone=phone_number(2802), phone_confirmed_at=timezone.now())
    if closed:
        make_phone_change(person, phone=phone_number(2803), due_at=timezone.now(), proposed_by=make_staff(unit))
        phone_changes_keep_time()
    else:
        Member.objects.filter(pk=person.pk).update(proven_at=None)
    person = Member.objects.get(pk=person.pk)
    for actor in (make_staff(unit), make_staff(unit.parent)):
        sighting_note(actor=actor, member=person, phone_index=person.phone_index)
    held = Member.objects.get(pk=person.pk)
    assert (held.proof, held.opens_secrets) == (ProofMeans.SEEN, not closed)
    message = Message.objects.get(recipient=person, kind="members.proven", channel="in_app")
    assert ("全部页面" in message_words(message)[1]) == (not closed)
