"""A matchmaker's day on a phone.

It has the tasks that are due, a note, a suggestion, an introduction, and what the two people make of it.
"""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from matchmaking.choices.introductions import IntroductionState
from matchmaking.models import Introduction, MatchCase
from portal.core.choices import Sex
from portal.members.choices import MaritalStatus
from tests.browser import PHONE
from tests.factories.matchmaking_matchmakers import make_case, make_profile, make_volunteer
from tests.factories.members import identity_number, make_entry, phone_number
from tests.factories.organizations import make_organization, make_unit

HELPER, SHE, HE = (phone_number(number) for number in (801, 802, 803))
NUMBERS = {
    HELPER: identity_number(31, born="19700307"),
    SHE: identity_number(32),
    HE: identity_number(33, sex=Sex.MALE),
}


NAMES = {HELPER: "示例红娘", SHE: "示例林四", HE: "示例高四"}


def say(words):
    with translation.override("zh-hans"):
        return translation.gettext(words)


def entry(city, name, phone, sex=Sex.FEMALE, born=date(1995, 3, 7)):
    """Put a single on the roster of a new unit."""
    return make_entry(
        make_unit(city),
        name=name,
        phone=phone,
        identity_number=NUMBERS[phone],
        sex=sex,
        birth_date=born,
        marital_status=MaritalStatus.SINGLE,
    )


@pytest.fixture
def case(stack):
    """A case: a volunteer, a single in the volunteer's care, and a man who might be suitable."""
    with stack.orm():
        city = make_organization(name="示例红娘市总工会")
        helper = make_volunteer(city, entry(city, NAMES[HELPER], HELPER, born=date(1970, 3, 7)))
        she = make_profile(city, member=entry(city, NAMES[SHE], SHE), nickname="松花江畔")
        make_profile(city, member=entry(city, NAMES[HE], HE, Sex.MALE), nickname="慢跑者")
        opened_on = timezone.localdate() - timedelta(days=9)
        return make_case(helper, she, opened_on=opened_on, next_action="打电话问问近况", next_due=opened_on)


def test_a_matchmakers_day(stack, walker, case):
    stack.issue_cards(*((phone, NAMES[phone], number) for phone, number in NUMBERS.items()))
    helper = walker(PHONE)
    helper.go("/matchmaking/caseload/")
    helper.sign_in(HELPER, NAMES[HELPER])
    home = helper.go("/matchmaking/caseload/")
    assert "打电话问问近况" in home
    assert say("no recent contact") in home
    assert "示例林四" not in home

    helper.follow("松花江畔")
    helper.follow(say("Record a contact"))
    helper.page.check("input[name=kind][value=call]")
    helper.page.fill("#id_words", "想认识爱运动的人")
    assert "想认识爱运动的人" in helper.send()
    helper.follow(say("Change next step"))
    helper.page.fill("#id_next_action", "介绍一位合适的人")
    helper.page.fill("#id_next_due", (timezone.localdate() + timedelta(days=3)).isoformat())
    assert "介绍一位合适的人" in helper.send()
    assert "慢跑者" in helper.follow(say("Possible matches"))
    helper.page.locator("main a.btn-primary").first.click()
    helper.look()
    helper.page.fill("#id_words", "都喜欢周末运动")
    assert say("Both people have been asked.") in helper.send()

    with stack.orm():
        introduction = Introduction.objects.get()
        assert introduction.state == IntroductionState.ASKED
    path = introduction.get_absolute_url()
    for phone, other in ((SHE, "慢跑者"), (HE, "松花江畔")):
        single = walker(PHONE)
        single.go(path)
        single.sign_in(phone, NAMES[phone])
        assert other in single.go(path)
        single.page.check("input[name=answer][value=yes]")
        text = single.send()
        # The first person hears nothing of the other; the second hears that both said yes.
        assert (say("You both want to meet") in text) == (phone == HE)
        if phone == SHE:
            waiting = helper.go(introduction.get_guide_url())
            assert say("Both agreed. They still need to arrange a time and a place.") not in waiting

    assert say("Both agreed. They still need to arrange a time and a place.") in helper.go(introduction.get_guide_url())
    helper.follow(say("Set the meeting time"))
    soon = timezone.localtime() + timedelta(days=2)
    helper.page.fill("#id_meets_at", soon.strftime("%Y-%m-%dT%H:%M"))
    assert say("The time is saved, and both people were told.") in helper.send()
    with stack.orm():
        assert Introduction.objects.get().meets_at is not None
        assert MatchCase.objects.get().last_contact_at is not None
