"""Withdrawing a consent stops everything that depended on it."""

import pytest

from matchmaking import consents
from matchmaking.agreements import take_back
from matchmaking.choices.events import EventState
from matchmaking.models import Participation
from matchmaking.services.participations import event_join
from portal.members.models import Consent
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import LINE, make_event, make_single, put_event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (EventState.PUBLISHED, SignUpState.WITHDRAWN),
        (EventState.SIGNUP_CLOSED, SignUpState.WITHDRAWN),
        (EventState.CANCELLED, SignUpState.WITHDRAWN),
        (EventState.REVEALED, SignUpState.LEFT),
        (EventState.CLOSED, SignUpState.LEFT),
    ],
)
def test_taking_the_agreement_to_an_event_back_withdraws_her_from_it_alone(state, after):
    event, other = make_event(), make_event()
    put_event(other, organization=event.organization)
    member = make_single(event.organization)
    for each in (event, put_event(other)):
        event_join(event=each, member=member, actor=member, line=LINE)
    put_event(event, state)

    take_back(Consent.objects.get(about_id=event.pk, purpose=consents.EVENT.code), member)

    assert dict(Participation.objects.values_list("offering", "state")) == {event.pk: after, other.pk: "confirmed"}
    assert list(Consent.objects.standing().values_list("about_id", flat=True)) == [other.pk]
