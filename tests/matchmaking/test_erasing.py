"""Erasing a person deletes their data in matchmaking.

This covers the person as a single, as a matchmaker, and as someone who asked for something.
"""

import pytest
from django.apps import apps
from django.db import connection

from matchmaking import erasing
from matchmaking.choices.demands import DemandState
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import EventDemand, Invitation, SingleProfile, Volunteer
from tests.factories.matchmaking import make_event
from tests.factories.matchmaking_library import make_demand, make_invitation
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_volunteer
from tests.factories.matchmaking_singles import make_profile
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
WORDS = ("示例抹去一", "示例抹去二", "示例抹去三", "示例抹去四")


def standing():
    """Return the words that any column of matchmaking still holds."""
    text = ""
    with connection.cursor() as cursor:
        for model in apps.get_app_config("matchmaking").get_models():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{model._meta.db_table}" t')
            text += cursor.fetchone()[0] or ""
    return {word for word in WORDS if word in text}


def test_what_she_wrote_is_gone_and_what_she_asked_for_is_taken_back():
    city = make_organization()
    profile = make_profile(unit=make_unit(city), nickname=WORDS[0], about=WORDS[1])
    member = profile.member
    demand = make_demand(member.organization, asked_by=member, on_behalf_of_unit=False, wish=WORDS[2])
    invitation = make_invitation(make_event(city, restricted=True), member=member)
    helper = make_volunteer(city)
    case = make_case(helper, profile, next_action=WORDS[3])
    make_introduction(helper, one=profile)
    own_help = make_volunteer(city, member)
    assert standing() == set(WORDS)

    erasing.erase(member=member, actor=make_staff(city))

    assert standing() == set()
    assert not Invitation.objects.filter(pk=invitation.pk).exists()
    assert EventDemand.objects.get(pk=demand.pk).state == DemandState.WITHDRAWN
    assert Volunteer.objects.get(pk=own_help.pk).state == VolunteerState.ENDED
    left = SingleProfile.objects.filter(pk=profile.pk).first()
    assert left is None or left.state == ProfileState.EXITED
    case.refresh_from_db()
    assert case.closed_on is not None
