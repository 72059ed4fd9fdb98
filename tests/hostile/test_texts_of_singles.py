"""Property 42 for the words of singles, callers and matchmakers.

On the pages that show them they are text.
"""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from matchmaking.choices.cases import ContactKind
from matchmaking.choices.introductions import IntroductionState
from matchmaking.models import ContactLog
from portal.core.choices import Sex
from portal.core.fields import reserve_pks
from tests.factories.matchmaking import make_single
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_volunteer
from tests.factories.matchmaking_pairs import make_ticket
from tests.factories.matchmaking_singles import make_profile
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.hostile.scripts import PAYLOADS

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


def profile_of(city, words, sex=Sex.FEMALE, **fields):
    member = make_single(make_unit(city), sex)
    texts = {"nickname": words[:20], "about": words, "hopes": words, "occupation": words[:30]}
    return make_profile(member, hidden_from_own_unit=False, **texts, **fields)


def shown(client, reader, path, words):
    """Check that ``path`` shows ``reader`` the words escaped, and never as markup."""
    sign_in(client, reader)
    session = client.session
    session["code_at"] = timezone.now().timestamp()
    session.save()
    response = client.get(path)
    text = response.content.decode()
    assert response.status_code == 200, (path, response.status_code)
    assert words not in text, path
    assert escape(words) in text, path


@pytest.mark.parametrize("words", PAYLOADS)
def test_a_profile_is_text_to_herself(client, city, words):
    her = profile_of(city, words)
    shown(client, her.member, reverse("matchmaking:single-home"), words)


@pytest.mark.parametrize("words", PAYLOADS)
def test_what_a_matchmaker_writes_is_text(client, city, words):
    helper = make_volunteer(city)
    case = make_case(helper, profile_of(city, words))
    (pk,) = reserve_pks(ContactLog)
    ContactLog.objects.create(pk=pk, case=case, kind=ContactKind.CALL, words=words, at=timezone.now())
    shown(client, helper.member, reverse("matchmaking:case-detail", args=[case.pk]), words)
    # The matchmaker's sentence is for matchmakers; the two singles read each other's words once both have agreed.
    other = profile_of(city, words, Sex.MALE)
    row = make_introduction(helper, case.profile, other, words=words, state=IntroductionState.AGREED)
    shown(client, case.profile.member, row.get_absolute_url(), words)
    shown(client, helper.member, reverse("matchmaking:introduction-guide", args=[row.pk]), words)


@pytest.mark.parametrize("words", PAYLOADS)
def test_what_callers_say_is_text(client, city, words):
    staff = make_staff(city)
    ticket = make_ticket(city, actor=staff, subject=words, words=words)
    shown(client, staff, ticket.get_absolute_url(), words)
