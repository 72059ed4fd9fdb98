"""Property 8: every step of events and notices, from every state, sent by each of twelve people.

The planted failures, a table with a step too many and a proposer who approves their own proposal, are in
``test_planted_faults.py``.
"""

import pytest

from matchmaking.choices.events import EventState
from portal.notices.choices import NoticeState
from tests.audit.steps import EVENT_STEPS, NOTICE_STEPS, event_faults, notice_faults

pytestmark = pytest.mark.django_db
PEOPLE = 12


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.KEY_DIR = tmp_path


@pytest.mark.parametrize("state", EventState)
def test_every_step_of_an_event_by_everybody(state, measured):
    faults = event_faults(state)
    measured(sent=PEOPLE * len(EVENT_STEPS), differing=len(faults))
    assert faults == {}


@pytest.mark.parametrize("state", NoticeState)
def test_every_step_of_a_notice_by_everybody(state, measured):
    faults = notice_faults(state)
    measured(sent=PEOPLE * len(NOTICE_STEPS), differing=len(faults))
    assert faults == {}
