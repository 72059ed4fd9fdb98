"""The registration engine compared with a model of thirty lines: the same actions give the same lists."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matchmaking import consents
from matchmaking.agreements import take_back
from matchmaking.choices.events import EventState
from matchmaking.models import Participation
from matchmaking.services.changing import event_quotas_set
from matchmaking.services.participations import event_join, event_leave
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.members.models import Consent
from portal.signups import services as engine
from tests.factories.matchmaking import LINE, make_event, make_single, put_event
from tests.factories.organizations import make_organization

PEOPLE = 8
HOLDING = ("confirmed", "offered")


class Model:
    """Sign-ups as a list of [person, pool, state] in the order of joining."""

    def __init__(self, quota):
        self.quota = quota
        self.rows = []
        self.open = True

    def live(self, person):
        return next((row for row in self.rows if row[0] == person and row[2] in (*HOLDING, "waitlisted")), None)

    def held(self, pool):
        return sum(row[1] == pool and row[2] in HOLDING for row in self.rows)

    def free(self, pool):
        return self.quota[pool] - self.held(pool)

    def waiting(self, pool):
        return [row for row in self.rows if row[1:] == [pool, "waitlisted"]]

    def join(self, person, pool):
        if self.live(person) or not self.open:
            return
        self.rows.append(
            [person, pool, "confirmed" if self.free(pool) > 0 and not self.waiting(pool) else "waitlisted"]
        )

    def promote(self):
        for pool in self.quota:
            for row in self.waiting(pool)[: max(self.free(pool), 0)]:
                row[2] = "offered"

    def step(self, person, state):
        self.live(person)[2] = state
        if state != "confirmed":
            self.promote()

    def expire(self, people):
        for person in people:
            self.live(person)[2] = "expired"
        self.promote()


class EngineBesideModel(RuleBasedStateMachine):
    organization = None
    people = ()

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.event = make_event(self.organization, men_quota=1, women_quota=2)
        self.model = Model({"men": 1, "women": 2})

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def row(self, person):
        return Participation.objects.own(self.people[person]).filter(offering=self.event).first()

    def consents(self):
        return Consent.objects.standing().filter(purpose=consents.EVENT.code, about_id=self.event.pk)

    def in_state(self, *states):
        return sorted(row[0] for row in self.model.rows if row[2] in states)

    @initialize(people=st.permutations(range(PEOPLE)), number=st.integers(0, PEOPLE))
    def crowd(self, people, number):
        """Start most histories with more people than places, so that there is a waiting list to keep in order."""
        for person in people[:number]:
            self.join(person)

    @rule(person=st.integers(0, PEOPLE - 1))
    def join(self, person):
        member = self.people[person]
        try:
            event_join(event=self.event, member=member, actor=member, line=LINE)
        except DomainError as refusal:
            assert (refusal.code, self.model.open) == ("not-eligible", False)
        self.model.join(person, "men" if member.sex == Sex.MALE else "women")

    @precondition(lambda self: self.in_state("confirmed", "offered", "waitlisted"))
    @rule(data=st.data())
    def leave(self, data):
        person = data.draw(st.sampled_from(self.in_state("confirmed", "offered", "waitlisted")))
        event_leave(participation=self.row(person), actor=self.people[person])
        self.model.step(person, "withdrawn")

    @precondition(lambda self: self.in_state("confirmed", "offered", "waitlisted"))
    @rule(data=st.data())
    def take_consent_back(self, data):
        person = data.draw(st.sampled_from(self.in_state("confirmed", "offered", "waitlisted")))
        take_back(self.consents().get(member=self.people[person]), self.people[person])
        self.model.step(person, "withdrawn")

    @precondition(lambda self: self.in_state("offered"))
    @rule(data=st.data())
    def accept(self, data):
        person = data.draw(st.sampled_from(self.in_state("offered")))
        engine.accept(signup=self.row(person), actor=self.people[person])
        self.model.step(person, "confirmed")

    @precondition(lambda self: self.in_state("offered"))
    @rule(data=st.data())
    def expire(self, data):
        people = data.draw(st.sets(st.sampled_from(self.in_state("offered")), min_size=1))
        for person in people:
            Participation.objects.filter(pk=self.row(person).pk).update(offered_until=timezone.now() - timedelta(1))
        engine.expire(offering=self.event)
        self.model.expire(people)

    @rule(women=st.integers(1, 4), men=st.integers(1, 3))
    def change_quota(self, women, men):
        self.event = put_event(self.event, women_quota=women, men_quota=men)
        engine.promote(offering=self.event)
        self.model.quota = {"men": men, "women": women}
        self.model.promote()

    @rule(women=st.integers(1, 4), men=st.integers(1, 3))
    def set_quotas(self, women, men):
        """Change the quotas by the service, which refuses to take away a place that is held."""
        quotas, event = {"men": men, "women": women}, self.event
        possible = all(number >= self.model.held(pool) for pool, number in quotas.items())
        fields = {"version": event.version, "women_quota": women, "men_quota": men}
        try:
            event_quotas_set(actor=event.created_by, event=event, **fields)
        except DomainError as refusal:
            assert (refusal.code, possible) == ("held", False)
            return
        assert possible
        self.event = put_event(event)
        self.model.quota = quotas
        self.model.promote()

    @rule(is_open=st.booleans())
    def close_or_open(self, is_open):
        self.event = put_event(self.event, EventState.PUBLISHED if is_open else EventState.SIGNUP_CLOSED)
        self.model.open = is_open

    @invariant()
    def the_lists_are_the_same(self):
        rows = self.event.signups.order_by("place").values_list("member_id", "pool", "state", "place")
        numbers = {member.pk: number for number, member in enumerate(self.people)}
        assert [[numbers[member], pool, state] for member, pool, state, _place in rows] == self.model.rows
        assert [place for *_row, place in rows] == list(range(1, len(rows) + 1))

    @invariant()
    def who_stands_there_has_agreed(self):
        agreed = set(self.consents().values_list("member", flat=True))
        assert {self.people[person].pk for person in self.in_state("confirmed", "offered", "waitlisted")} <= agreed


@pytest.mark.django_db
def test_the_engine_does_what_the_model_does():
    EngineBesideModel.organization = organization = make_organization()
    EngineBesideModel.people = [
        make_single(organization, Sex.MALE if number % 3 == 0 else Sex.FEMALE) for number in range(PEOPLE)
    ]
    run_state_machine_as_test(
        EngineBesideModel,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
