"""The steps of events and notices as the documents define them, sent by every kind of person.

The tables are written by hand, from the documents and not from the code. The portal answers 302 to a step that is
taken, 403 to a person who may not take it, 404 to a person who does not see the row, and 422 with a sentence when the
step is not possible now.
"""

from django.db import transaction
from django.test import Client
from django.urls import reverse

from matchmaking import keys
from matchmaking.choices.events import EventState
from matchmaking.models import ChoiceRound, MatchEvent
from portal.audit.models import AuditEntry
from portal.core.roles import Role
from portal.messaging.models import Message
from portal.notices.models import Notice
from tests.factories.matchmaking import make_event, put_event
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_province, make_unit

# Step -> (states it is taken from, state it leads to, kinds of people who may take it).
EDITORS = {"proposer", "chair", "cadre", "officer", "province"}
APPROVERS = {"chair", "reviewer", "province"}
EVENT_STEPS = {
    "submit": ({"draft", "returned"}, "submitted", EDITORS),
    "approve": ({"submitted"}, "approved", APPROVERS),
    "return": ({"submitted"}, "returned", APPROVERS),
    "publish": ({"approved"}, "published", EDITORS),
    "close-sign-up": ({"published"}, "signup_closed", EDITORS),
    "settle": ({"signup_closed"}, "shortlisted", EDITORS),
    "begin": ({"signup_closed", "shortlisted"}, "running", EDITORS),
    "open-choice": ({"signup_closed", "shortlisted", "running"}, "choice_open", EDITORS),
    "reveal": ({"choice_open"}, "revealed", EDITORS),
    "close": ({"revealed"}, "closed", EDITORS),
    "report": ({"closed"}, "reported", EDITORS),
    "cancel": ({"draft", "returned", "approved", "published", "signup_closed", "shortlisted"}, "cancelled", EDITORS),
}
SEES_EVENTS = EDITORS | APPROVERS
AUTHORS = {"proposer", "chair", "cadre", "editor", "province"}
NOTICE_STEPS = {
    "submit": ({"draft", "returned"}, "submitted", AUTHORS),
    "approve": ({"submitted"}, "approved", APPROVERS),
    "return": ({"submitted"}, "returned", APPROVERS),
    "publish": ({"approved"}, "published", AUTHORS),
    "withdraw": ({"draft", "returned", "approved", "published"}, "withdrawn", AUTHORS),
}
SEES_NOTICES = AUTHORS | APPROVERS
# A member of staff who approves notices may also withdraw a published one.
ALSO = {("withdraw", "published"): {"reviewer"}}


def make_people(city, names=None):
    """Create a person of each kind, or only those in ``names``.

    The proposer is always created, and first; the visitor is None.
    """
    unit = make_unit(city)
    builders = {
        "proposer": lambda: make_staff(city),
        "chair": lambda: make_staff(city),
        "cadre": lambda: make_staff(city, role=Role.CADRE),
        "reviewer": lambda: make_staff(city, role=Role.REVIEWER),
        "officer": lambda: make_staff(city, role=Role.MATCHMAKING_OFFICER),
        "editor": lambda: make_staff(city, role=Role.EDITOR),
        "province": lambda: make_staff(make_province()),
        "neighbour": lambda: make_staff(make_organization(name="示例乙市总工会")),
        "below": lambda: make_staff(unit),
        "administrator": lambda: make_staff(make_province(), role=Role.SYSTEM_ADMINISTRATOR),
        "member": lambda: make_member(unit),
        "visitor": lambda: None,
    }
    return {name: build() for name, build in builders.items() if names is None or name in {"proposer", *names}}


def send_all(clients, row, address, steps):
    """Send every step as every person and undo each one; return the outcome by (step, person)."""
    found = {}
    for step in steps:
        for name, client in clients.items():
            entries, messages = AuditEntry.objects.count(), Message.objects.count()
            with transaction.atomic():
                answer = client.post(reverse(address.format(step), args=[row.pk]), {"reason": "因为"})
                now = type(row).objects.get(pk=row.pk)
                touched = now.__dict__ | {"_state": None} != row.__dict__ | {"_state": None}
                traces = (AuditEntry.objects.count() - entries, Message.objects.count() - messages)
                found[step, name] = (answer.status_code, now.state, touched or traces != (0, 0))
                transaction.set_rollback(True)
    return found


def expected(clients, state, steps, sees, also=()):
    """Return what the tables above require: (status, state, whether anything changed) by (step, person)."""
    answers = {}
    for step, (origins, target, who) in steps.items():
        allowed = who | dict(also).get((step, state), set())
        for name in clients:
            if name == "visitor":
                answers[step, name] = (302, state, False)
            elif name not in sees:
                answers[step, name] = (404, state, False)
            elif name not in allowed:
                answers[step, name] = (403, state, False)
            elif state not in origins:
                answers[step, name] = (422, state, False)
            else:
                answers[step, name] = (302, target, True)
    return answers


def _differing(found, wanted):
    return {key: (found[key], wanted[key]) for key in wanted if found[key] != wanted[key]}


def _clients(people, names):
    return {
        name: sign_in(Client(), person) if person else Client()
        for name, person in people.items()
        if names is None or name in names
    }


def event_faults(state, names=None):
    """Send every step of an event in ``state`` as each of ``names``.

    Return the cases in which the answer or the row differs from the tables.
    """
    city = make_organization(name="示例甲市总工会")
    people = make_people(city, names)
    clients = _clients(people, names)
    event = make_event(city, state=state, created_by=people["proposer"])
    event = put_event(event, submitted_by=people["proposer"])
    if state in (EventState.CHOICE_OPEN, EventState.REVEALED, EventState.CLOSED):
        keys.key_create(ChoiceRound.objects.create(event=event).pk)
    event = MatchEvent.objects.get(pk=event.pk)
    found = send_all(clients, event, "matchmaking:event-{}", EVENT_STEPS)
    return _differing(found, expected(clients, str(state), EVENT_STEPS, SEES_EVENTS))


def notice_faults(state, names=None):
    """Send every step of a notice in ``state`` as each of ``names``; return the cases that differ."""
    city = make_organization(name="示例甲市总工会")
    people = make_people(city, names)
    clients = _clients(people, names)
    notice = make_notice(city, state=state, created_by=people["proposer"])
    notice = Notice.objects.get(pk=notice.pk)
    found = send_all(clients, notice, "notices:notice-{}", NOTICE_STEPS)
    return _differing(found, expected(clients, str(state), NOTICE_STEPS, SEES_NOTICES, ALSO))
