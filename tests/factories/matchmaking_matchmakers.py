"""Builders of volunteers, profiles, cases and introductions."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from matchmaking.choices.introductions import Answer, IntroductionState
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import Introduction, MatchCase, SingleProfile, Volunteer
from portal.core.choices import Sex
from tests.factories.matchmaking import make_single, put_profile
from tests.factories.members import make_member
from tests.factories.organizations import make_organization, make_unit

_numbers = count(1)
VOUCHED_FIELDS = {"vouched_unit"}


def make_volunteer(organization=None, member=None, *, state=VolunteerState.ACTIVE, **fields):
    """Create a volunteer of ``organization``, by default an active one."""
    organization = organization or make_organization()
    now = timezone.now()
    ready = state in (VolunteerState.ACTIVE, VolunteerState.RESTING)
    fields = {
        "valid_from": timezone.localdate(),
        "pledged_at": now if ready else None,
        "pledge_version": 1 if ready else None,
        "trained_on": timezone.localdate() if ready else None,
        **fields,
    }
    member = member or make_member(make_unit(organization))
    return Volunteer.objects.create(organization=organization, member=member, state=state, **fields)


def make_profile(organization=None, sex=Sex.FEMALE, *, member=None, state=ProfileState.ACTIVE, **fields):
    """Create a profile that can be found, of a person of a new unit below ``organization``."""
    member = member or make_single(make_unit(organization or make_organization()), sex, declared=False)
    now = timezone.now()
    fields = {
        "nickname": f"示例昵称{next(_numbers)}",
        "about": "喜欢爬山和读书",
        "declared_at": now,
        "declaration_version": 1,
        "vetted_at": now,
        "verified_until": timezone.localdate() + timedelta(days=200),
        "edited_at": now,
        **fields,
    }
    if state == ProfileState.EXITED:
        fields.setdefault("exited_at", now)
    # A unit vouches for a person who is its member at that time.
    fields |= {field.name: member.organization for field in SingleProfile._meta.fields if field.name in VOUCHED_FIELDS}
    hidden_from = fields.pop("hidden_from", ())
    row = put_profile(member, state, **fields)
    row.hidden_from.set(hidden_from)
    return SingleProfile.objects.select_related("member__organization").get(pk=row.pk)


def make_case(volunteer=None, profile=None, **fields):
    """Create an open case."""
    volunteer = volunteer or make_volunteer()
    profile = profile or make_profile(volunteer.organization)
    fields = {"opened_on": timezone.localdate(), **fields}
    return MatchCase.objects.create(volunteer=volunteer, profile=profile, **fields)


def make_introduction(volunteer=None, one=None, two=None, *, state=IntroductionState.ASKED, **fields):
    """Create an introduction by ``volunteer`` in any state, without the services."""
    place = volunteer.organization if volunteer else None
    one, two = one or make_profile(place), two or make_profile(place, Sex.MALE)
    one, two = sorted((one, two), key=lambda profile: profile.pk)
    now = timezone.now()
    agreed = state not in (IntroductionState.ASKED, IntroductionState.NOT_AGREED)
    fields = {
        "asked_by": volunteer.member if volunteer else one.member,
        "answer_by": now + timedelta(days=7),
        "words": "都喜欢爬山",
        "one_answer": Answer.YES if agreed else Answer.OPEN,
        "two_answer": Answer.YES if agreed else Answer.OPEN,
        "agreed_at": now if agreed else None,
        "ended_at": now if state == IntroductionState.ENDED else None,
        **fields,
    }
    row = Introduction.objects.create(volunteer=volunteer, one=one, two=two, state=state, **fields)
    return Introduction.objects.for_list().get(pk=row.pk)
