"""Joining and the end of standing at the same moment.

Nobody joins alongside the end of standing.
"""

import pytest

from matchmaking.models import SingleProfile
from matchmaking.services.participations import event_join
from matchmaking.services.profiles import profile_exit
from portal.core.errors import DomainError
from portal.members.choices import MaritalStatus
from portal.members.models import Member
from portal.members.services.people import member_update
from portal.signups.choices import LIVE
from tests.factories.matchmaking import LINE, make_event, make_single
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_unit
from tests.threads import at_once


def leave(member, city):
    profile_exit(profile=SingleProfile.objects.get(member=member), actor=member)


def roster(member, city):
    member_update(actor=None, member=member, version=member.version, marital_status=MaritalStatus.OTHER)


END = {"leaving": leave, "the roster says not single": roster}


@pytest.mark.parametrize("how", END)
def test_nobody_comes_in_beside_the_end_of_standing(fresh_database, how):
    """Nobody without standing keeps a place.

    Joining and the end of standing happen at the same moment, many times.
    """
    city = make_organization()
    event = make_event(city, created_by=make_staff(city), women_quota=50)
    people = [make_single(make_unit(city)) for _number in range(6)]

    def work(number):
        member = Member.objects.select_related("organization").get(pk=people[number // 2].pk)
        try:
            if number % 2:
                END[how](member, city)
            else:
                event_join(event=event, member=member, actor=member, line=LINE)
        except DomainError as refusal:
            return refusal
        return None

    answers = at_once(work, range(2 * len(people)))
    assert [one for one in answers if one is not None and not isinstance(one, DomainError)] == []
    assert not event.signups.filter(state__in=LIVE).exists()
