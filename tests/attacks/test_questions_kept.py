"""A single asks another for an introduction.

The asker learns nothing of how many requests the other one has open.
"""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking import own_data
from matchmaking.choices.introductions import Answer, IntroductionState
from matchmaking.models import Introduction
from matchmaking.services.introductions import introduction_answer, introduction_ask, introductions_keep_time
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.messaging.models import Message
from portal.messaging.services.reminders import reminders_plan
from tests.factories.matchmaking_matchmakers import make_introduction
from tests.factories.matchmaking_singles import make_profile
from tests.factories.members import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def her():
    return make_profile()


@pytest.fixture
def him():
    """A single with three open requests for an introduction."""
    found = make_profile(sex=Sex.MALE)
    for days in (2, 4, 6):
        make_introduction(one=make_profile(), two=found, answer_by=timezone.now() + timedelta(days=days))
    return found


def ask(mine, other):
    return introduction_ask(member=mine.member, profile=other)


def told(profile, kind):
    return Message.objects.filter(recipient=profile.member, kind=f"matchmaking.{kind}", channel="in_app").count()


def page(profile, address):
    client = sign_in(Client(), profile.member)
    session = client.session
    session["code_at"] = int(time.time())
    session.save()
    return client.get(address)


def status(profile, row):
    return page(profile, row.get_absolute_url()).status_code


def place_free(profile):
    """Let the first open request to ``profile`` reach its deadline."""
    first = Introduction.objects.put_before(profile).awaiting_answer().order_by("answer_by").first()
    Introduction.objects.filter(pk=first.pk).update(answer_by=timezone.now())
    introductions_keep_time()


def test_the_answer_to_the_asker_is_the_same(her, him):
    row, free = ask(her, him), ask(her, make_profile(sex=Sex.MALE))

    assert (row.state, row.answer_by.date(), status(her, row)) == (free.state, free.answer_by.date(), status(her, free))
    listed = [line["row"] for line in page(her, reverse("matchmaking:introduction-list")).context["rows"]]
    assert listed == [free, row]


def test_the_other_sees_nothing_of_it_before_a_place_gets_free(her, him):
    row = ask(her, him)
    Introduction.objects.filter(pk=row.pk).update(answer_by=timezone.now() + timedelta(days=6, hours=20))
    introductions_keep_time()
    reminders_plan(now=timezone.now() + timedelta(days=6, hours=1))

    assert (told(him, "introduction_asked"), status(him, row)) == (0, 404)
    assert row not in Introduction.objects.visible_to(him.member)
    assert len(own_data.helping.introduction_rows(him.member)) == 3
    assert not Message.objects.filter(recipient=him.member, about_id=row.pk, kind__startswith="matchmaking").exists()

    place_free(him)

    assert (told(him, "introduction_asked"), status(him, row)) == (1, 200)
    assert introduction_answer(introduction=row, actor=him.member, answer=Answer.YES).state == "agreed"


def test_an_answer_makes_a_place_free(her, him):
    row = ask(her, him)
    first = Introduction.objects.put_before(him).order_by("pk").first()
    introduction_answer(introduction=first, actor=him.member, answer=Answer.NO)
    introductions_keep_time()
    assert status(him, row) == 200


def test_one_that_never_found_a_place_ends_like_any_other(her, him):
    row = ask(her, him)
    Introduction.objects.filter(pk=row.pk).update(answer_by=timezone.now())
    introductions_keep_time()
    row.refresh_from_db()
    assert row.state == IntroductionState.NOT_AGREED
    assert [told(her, "introduction_not_agreed"), told(him, "introduction_not_agreed")] == [1, 0]
    assert status(him, row) == 404


def test_who_wishes_the_same_is_not_told_that_they_have_been_asked(her, him):
    row = ask(her, him)
    for held in Introduction.objects.put_before(him):
        introduction_answer(introduction=held, actor=him.member, answer=Answer.NO)
    Introduction.objects.put_before(him).update(state=IntroductionState.NOT_AGREED)
    assert ask(him, her) == row
    row.refresh_from_db()
    assert (row.state, status(him, row)) == (IntroductionState.AGREED, 200)


def test_nor_once_the_kept_question_is_over(her, him):
    row = ask(her, him)
    Introduction.objects.put_before(him).update(state=IntroductionState.NOT_AGREED)
    Introduction.objects.filter(pk=row.pk).update(answer_by=timezone.now())
    again = ask(him, her)
    assert (again.pk != row.pk, again.state) == (True, IntroductionState.ASKED)


def test_who_has_three_open_is_told_of_their_own_alone(her):
    for _number in range(3):
        ask(her, make_profile(sex=Sex.MALE))
    with pytest.raises(DomainError) as refusal:
        ask(her, make_profile(sex=Sex.MALE))
    assert refusal.value.code == "enough"
