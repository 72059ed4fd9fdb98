"""Who may act as whose second person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.audit.services import audit_record
from portal.core.choices import Area
from portal.core.roles import Role
from portal.members.choices import PhoneChangeState, VouchingState
from portal.members.independence import has_hand_in
from portal.members.models import Duty, Member, PhoneChange
from portal.members.selectors import are_independent, second_persons, seconds_among
from portal.notices.rules import can_approve_notice
from tests.factories.members import make_duty, make_member, make_staff, make_vouching
from tests.factories.notices import make_notice

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=400)


def make_old(member):
    """Set the dates of ``member``'s account far in the past."""
    Member.objects.filter(pk=member.pk).update(created_at=LONG_AGO, activated_at=LONG_AGO)
    return Member.objects.get(pk=member.pk)


def seconds(first, second, **how):
    return seconds_among([second], {first.pk}, **how) == [second]


def entered(one, other):
    Member.objects.filter(pk=other.pk).update(entered_by=one)


def vouched(one, other):
    make_vouching(
        other.organization,
        member=other,
        state=VouchingState.VOUCHED,
        decided_by=one,
        until=timezone.localdate() + timedelta(days=9),
    )


def proposed_phone(one, other):
    PhoneChange.objects.create(
        member=other, proposed_by=one, phone_index="x", salt=f"{other.pk}", due_at=timezone.now()
    )


def edited_phone(one, other):
    audit_record(actor=one, action="member.update", about=other, fields=["phone"])


BY_HAND = [vouched, proposed_phone, edited_phone]
MADE = [entered, *BY_HAND]


def test_two_strangers_are_independent():
    one, other = make_member(), make_member()
    assert are_independent(one, other)
    assert seconds(one, other, both_ways=True)


def test_nobody_is_independent_of_herself():
    one = make_member()
    assert not are_independent(one, one)
    assert not seconds(one, one)


@pytest.mark.parametrize("made", MADE)
def test_who_made_an_account_and_its_holder_do_not_stand_side_by_side(made):
    one, other = make_member(), make_member()
    made(one, other)
    assert (are_independent(one, other), are_independent(other, one)) == (False, False)


@pytest.mark.parametrize("made", MADE)
def test_the_made_account_does_not_approve_and_its_maker_approves_all_but_duties(made):
    one, other = make_member(), make_member()
    made(one, other)
    assert not seconds(one, other)
    assert seconds(other, one)
    assert not seconds(other, one, both_ways=True)


@pytest.mark.parametrize("made", BY_HAND)
def test_two_accounts_whose_phones_one_person_wrote_are_bound_for_duties(made):
    one, first, second = (make_member() for _number in range(3))
    made(one, first)
    made(one, second)
    assert not are_independent(first, second)
    assert not seconds(first, second, both_ways=True)
    assert seconds(first, second)


def test_two_people_of_one_imported_roster_are_independent():
    one, first, second = (make_member() for _number in range(3))
    entered(one, first)
    entered(one, second)
    assert are_independent(first, second)


@pytest.mark.parametrize("made", MADE)
def test_a_hand_reaches_along_a_chain_of_accounts(made):
    one, middle, last = (make_member() for _number in range(3))
    entered(one, make_old(middle))
    made(middle, last)
    assert has_hand_in(one.pk, last.pk)
    assert not has_hand_in(last.pk, one.pk)


def test_an_old_account_is_independent_of_who_entered_it():
    one, other = make_member(), make_member()
    entered(one, other)
    assert are_independent(one, make_old(other))


def test_an_old_account_that_was_activated_lately_is_bound():
    one, other = make_member(), make_member()
    entered(one, make_old(other))
    Member.objects.filter(pk=other.pk).update(activated_at=timezone.now())
    assert not are_independent(one, other)


@pytest.mark.parametrize("state", [PhoneChangeState.STOPPED, PhoneChangeState.WITHDRAWN, PhoneChangeState.VOID])
def test_a_change_of_phone_without_effect_binds_nobody(state):
    one, other = make_member(), make_member()
    proposed_phone(one, other)
    PhoneChange.objects.update(state=state)
    assert are_independent(one, other)


def test_reading_a_phone_binds_nobody():
    one, other = make_member(), make_member()
    audit_record(actor=one, action="member.reveal", about=other, fields=["phone"])
    assert are_independent(one, other)


def test_whom_somebody_appointed_lately_is_not_her_second_person_but_she_is_theirs():
    one = make_staff()
    other = make_member()
    make_duty(other, one.organization, given_by=one)
    assert not are_independent(one, other)
    assert (seconds(one, other), seconds(other, one)) == (False, True)
    Duty.objects.filter(member=other).update(created_at=LONG_AGO)
    assert are_independent(one, other)
    assert seconds(one, other)


def test_a_person_the_proposer_appointed_is_not_asked_and_cannot_approve_her_notice():
    chair = make_staff()
    county = chair.organization
    reviewer = make_member(organization=county)
    make_duty(reviewer, county, Role.REVIEWER, given_by=chair)
    stranger = make_staff(county, Role.REVIEWER)
    notice = make_notice(county, created_by=chair, submitted_by=chair)
    assert second_persons(notice, Area.NOTICES) == [stranger]
    assert [can_approve_notice(Member.objects.get(pk=one.pk), notice) for one in (reviewer, stranger)] == [False, True]
