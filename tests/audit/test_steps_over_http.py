"""Every step from every state over HTTP: a step that the table lacks changes nothing.

Only a few roles are tried here; ``make drill`` tries every role.
"""

import pytest
from django.test import Client
from django.urls import reverse

from matchmaking.choices.events import EventState
from portal.notices.choices import NoticeState
from portal.signups.choices import SignUpState
from tests.audit.steps import event_faults, notice_faults
from tests.factories.matchmaking import make_event, make_participation, make_single
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pages")]
# People who may take every step; tests/access covers those who may not, the drill covers all.
FEW = {"chair", "reviewer"}


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.KEY_DIR = tmp_path


@pytest.mark.parametrize("state", EventState)
def test_every_step_of_an_event(state):
    assert event_faults(state, FEW) == {}


@pytest.mark.parametrize("state", NoticeState)
def test_every_step_of_a_notice(state):
    assert notice_faults(state, FEW) == {}


SIGN_UP_STEPS = {
    "accept": {"offered": "confirmed"},
    "leave": {"confirmed": "withdrawn", "waitlisted": "withdrawn", "offered": "withdrawn", "applied": "withdrawn"},
}


@pytest.mark.parametrize("step", SIGN_UP_STEPS)
@pytest.mark.parametrize("state", SignUpState)
def test_every_step_of_a_sign_up_by_her_and_by_others(client, state, step):
    city = make_organization()
    event = make_event(city, women_quota=3)
    row = make_participation(event, state=state)
    path = reverse(f"matchmaking:meet-{step}", args=[event.slug])

    others = (make_single(city), make_staff(city), make_single(make_organization()))
    for other in others if str(state) in SIGN_UP_STEPS[step] else ():
        assert sign_in(Client(), other).post(path, {"agree": "on"}).status_code in (302, 403, 404, 422)
        row.refresh_from_db()
        assert row.state == state
    sign_in(client, row.member).post(path, {"agree": "on"})

    row.refresh_from_db()
    assert row.state == SIGN_UP_STEPS[step].get(str(state), str(state))
