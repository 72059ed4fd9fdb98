"""Who finds whom: one rule that is the same in both directions; changes take effect the same day."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.profiles import PhotoAudience, ProfileState
from matchmaking.introductions import FACTS, conflict, fits
from matchmaking.models import ProfilePhoto, SingleProfile
from matchmaking.selectors.profiles import comparable, profile_counts, suggestions
from matchmaking.services.profiles import profile_exit, profile_pause
from matchmaking.services.safety import block_set
from portal.core.choices import Sex
from portal.core.roles import Role
from portal.members.choices import MaritalStatus
from portal.members.models import Member
from portal.organizations.choices import OrganizationKind
from tests.factories.matchmaking import make_single
from tests.factories.matchmaking_singles import (
    make_couple,
    make_introduction,
    make_photo,
    make_profile,
    make_region,
)
from tests.factories.members import make_duty, make_staff
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


def found(seeker):
    """Return the profiles that ``seeker`` finds, with ``seeker`` read anew."""
    seeker = SingleProfile.objects.select_related("member__organization").get(pk=seeker.pk)
    return set(SingleProfile.objects.findable_by(seeker).values_list("pk", flat=True))


def both(one, two):
    return two.pk in found(one), one.pk in found(two)


def test_two_active_singles_find_each_other():
    her, him = make_couple()
    assert (found(her), found(him)) == ({him.pk}, {her.pk})


def test_nobody_finds_herself_or_her_own_sex():
    her, _him = make_couple()
    other = make_profile()
    assert both(her, other) == (False, False)
    assert her.pk not in found(her)


@pytest.mark.parametrize("state", [state for state in ProfileState if state != ProfileState.ACTIVE])
def test_only_active_profiles_find_and_are_found(state):
    her, him = make_profile(state=state), make_profile(sex=Sex.MALE)
    assert both(her, him) == (False, False)


def test_a_block_works_both_ways():
    her, him = make_couple()
    block_set(actor=him.member, blocked=her.member, label="x")
    assert both(her, him) == (False, False)


def update(model, row, **fields):
    model.objects.filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: update(SingleProfile, row, verified_until=timezone.localdate()),
        lambda row: update(SingleProfile, row, held=True),
        lambda row: update(Member, row.member, organization=make_unit()),
        lambda row: update(Member, row.member, organization=None),
        lambda row: update(Member, row.member, is_active=False),
        lambda row: update(Member, row.member, standing_until=timezone.localdate()),
        lambda row: update(Member, row.member, marital_status=MaritalStatus.OTHER),
        lambda row: update(type(row.member.organization), row.member.organization, closed_on=timezone.localdate()),
        lambda row: profile_exit(profile=row, actor=row.member),
        lambda row: profile_pause(profile=row, actor=row.member),
    ],
    ids=["expired", "held", "moved", "no_unit", "inactive", "standing", "not_single", "closed", "left", "paused"],
)
def test_what_ends_her_word_takes_her_out_at_once(change):
    her, him = make_couple()
    change(her)
    assert both(her, him) == (False, False)


def test_the_last_day_of_the_word_still_counts():
    her, him = make_couple(verified_until=timezone.localdate() + timedelta(days=1))
    assert both(her, him) == (True, True)


def test_colleagues_do_not_find_each_other_by_default():
    unit = make_unit()
    her, him = make_profile(unit=unit), make_profile(unit=unit, sex=Sex.MALE)
    assert both(her, him) == (False, False)
    for row in (her, him):
        update(SingleProfile, row, hidden_from_own_unit=False)
    assert both(her, him) == (True, True)
    update(SingleProfile, her, hidden_from_own_unit=True)
    assert both(her, him) == (False, False)


def test_who_holds_a_duty_at_her_unit_does_not_find_her_nor_she_him():
    her, him = make_couple()
    make_duty(him.member, her.member.organization, Role.CADRE)
    assert both(her, him) == (False, False)


def test_a_named_place_and_what_lies_below_it_does_not_find_her_nor_she_them():
    city = make_organization()
    county = make_organization(parent=city, kind=OrganizationKind.COUNTY)
    her = make_profile()
    below, beside = make_profile(unit=make_unit(county), sex=Sex.MALE), make_profile(unit=make_unit(city), sex=Sex.MALE)
    her.hidden_from.add(county)
    assert (both(her, below), both(her, beside)) == ((False, False), (True, True))


WISHES = st.fixed_dictionaries(
    {
        "birth_year": st.sampled_from([1990, 1995, 2000]),
        "height_cm": st.sampled_from([None, 160, 175]),
        "education": st.sampled_from([None, 2, 4]),
        "region": st.sampled_from([None, "230102", "230103", "230204"]),
        "wish_age_from": st.sampled_from([None, 28]),
        "wish_age_to": st.sampled_from([None, 33]),
        "wish_age_hard": st.booleans(),
        "wish_height_from": st.sampled_from([None, 165]),
        "wish_height_to": st.sampled_from([None, 170]),
        "wish_height_hard": st.booleans(),
        "wish_education": st.sampled_from([None, 3]),
        "wish_education_hard": st.booleans(),
        "wish_region": st.sampled_from([None, "230000", "230100", "230102"]),
        "wish_region_hard": st.booleans(),
    }
)


def wishing(base, sex, facts):
    """Return the profile of ``sex`` in ``base`` with these facts and wishes."""
    facts = dict(facts)
    member = base[sex].member
    Member.objects.filter(pk=member.pk).update(birth_year=facts.pop("birth_year"))
    facts["region_id"], facts["wish_region_id"] = facts.pop("region"), facts.pop("wish_region")
    SingleProfile.objects.filter(pk=base[sex].pk).update(**facts)
    return SingleProfile.objects.select_related("member__organization").get(pk=base[sex].pk)


@pytest.fixture
def base():
    for code in ("230102", "230103", "230204"):
        make_region(code)
    her, him = make_couple()
    return {Sex.FEMALE: her, Sex.MALE: him}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(hers=WISHES, his=WISHES)
def test_hard_wishes_hold_both_ways_and_as_the_calculation_says(base, hers, his):
    """Finding is mutual.

    The rule of the database is the same as that of the calculation that plans introductions.
    """
    her, him = wishing(base, Sex.FEMALE, hers), wishing(base, Sex.MALE, his)
    one, two = both(her, him)
    cards = comparable(her), comparable(him)
    assert one == two == (not conflict(*cards))
    found = SingleProfile.objects.with_fit(her).get(pk=him.pk)
    assert found.fits_all == (False not in [fits(*cards, fact) for fact in FACTS])


@pytest.mark.parametrize("audience", PhotoAudience)
def test_a_photo_is_seen_as_its_owner_allows(audience):
    her, him = make_couple(photo_audience=audience)
    stranger = make_profile(sex=Sex.MALE)
    photo = make_photo(her)

    def seen_by(seeker):
        return list(ProfilePhoto.objects.shown_to(seeker).filter(pk=photo.pk)) == [photo]

    before = seen_by(him)
    make_introduction(him, her, IntroductionState.AGREED)
    assert (seen_by(her), before, seen_by(him), seen_by(stranger)) == {
        PhotoAudience.NOBODY: (True, False, False, False),
        PhotoAudience.MUTUAL: (True, False, True, False),
        PhotoAudience.VERIFIED: (True, True, True, True),
    }[audience]


def test_a_photo_is_gone_with_a_block_and_with_leaving():
    her, him = make_couple(photo_audience=PhotoAudience.VERIFIED)
    make_photo(her)
    block_set(actor=her.member, blocked=him.member, label="x")
    assert list(ProfilePhoto.objects.shown_to(him)) == []


def test_the_desk_finds_a_hidden_single_above_her_unit_alone():
    city = make_organization()
    unit = make_unit(city)
    her = make_profile(unit=unit)
    open_one = make_profile(unit=unit, hidden_from_own_unit=False)
    seen = {
        name: set(SingleProfile.objects.visible_to(reader).values_list("pk", flat=True))
        for name, reader in {
            "city": make_staff(city),
            "own unit": make_staff(unit),
            "colleague": make_single(unit, declared=False),
            "neighbour": make_staff(make_organization()),
        }.items()
    }
    assert seen == {
        "city": {her.pk, open_one.pk},
        "own unit": {open_one.pk},
        "colleague": set(),
        "neighbour": set(),
    }
    overseen = SingleProfile.objects.overseen_by(make_staff(unit))
    assert list(overseen) == []


def test_a_city_chair_of_her_own_unit_does_not_see_her():
    city = make_organization()
    unit = make_unit(city)
    her = make_profile(unit=unit)
    chair = make_staff(city)
    make_duty(chair, unit, Role.CADRE)
    assert her not in SingleProfile.objects.overseen_by(chair)


def test_seekers_are_as_many_as_the_counts_say():
    city = make_organization()
    for state in ProfileState:
        make_profile(unit=make_unit(city), state=state)
    counts = profile_counts(SingleProfile.objects.overseen_by(make_staff(city)))
    assert [number for _state, _words, number in counts] == [1] * 6


def test_suggestions_say_why_and_can_be_switched_off():
    her, him = make_couple()
    other = make_profile(sex=Sex.MALE, suggestions_on=False)
    cards = suggestions(her)
    assert [card.profile for card in cards] == [him]
    assert cards[0].reasons != ()
    assert other.pk in found(her)
    her.suggestions_on = False
    assert suggestions(her) == []


def test_all_pairs_of_a_room_are_symmetric():
    """In a set of profiles of all kinds, finding is mutual."""
    unit = make_unit()
    rows = [
        make_profile(unit=unit),
        make_profile(unit=unit, hidden_from_own_unit=False),
        make_profile(unit=unit, sex=Sex.MALE, hidden_from_own_unit=False),
        make_profile(sex=Sex.MALE, wish_age_from=40, wish_age_hard=True),
        make_profile(sex=Sex.MALE, wish_height_from=180),
        make_profile(state=ProfileState.PAUSED),
    ]
    seen = {row.pk: found(row) for row in rows}
    assert all((two in seen[one]) == (one in seen[two]) for one, two in itertools.permutations(seen, 2))
    assert seen[rows[1].pk] == {rows[2].pk, rows[4].pk}
