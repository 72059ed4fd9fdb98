"""Enrolments of children compared with the model of the registration engine: the same actions give the same lists."""

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

from childcare.agreements import take_back
from childcare.consents import ENROLMENT
from childcare.models import ClassTerm, Enrolment
from childcare.services.enrolments import enrolment_accept, enrolment_apply, enrolment_leave, offers_expire
from childcare.services.terms import term_reserve
from portal.core.errors import DomainError
from portal.members.models import Consent
from tests.factories.childcare import make_parent, make_safe_site, make_term
from tests.factories.members import make_child, make_staff
from tests.factories.organizations import make_organization
from tests.signups.test_model import HOLDING, Model

FAMILIES, PLACES = 4, 3
WAITS = (*HOLDING, "waitlisted")


class ChildrenBesideModel(RuleBasedStateMachine):
    """Four families with two children each want three places."""

    site = chair = None
    children = ()

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.term = make_term(site=self.site, places_total=PLACES)
        self.model = Model({"all": PLACES})

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def again(self):
        self.term = ClassTerm.objects.get(pk=self.term.pk)
        return self.term

    def row(self, number):
        rows = Enrolment.objects.filter(child=self.children[number], offering=self.term).live()
        return rows.for_list().get()

    def consents(self):
        return Consent.objects.standing().filter(purpose=ENROLMENT.code)

    def in_state(self, *states):
        return sorted(row[0] for row in self.model.rows if row[2] in states)

    def one_of(self, data, *states):
        return data.draw(st.sampled_from(self.in_state(*states)))

    @initialize(numbers=st.permutations(range(2 * FAMILIES)), count=st.integers(0, 2 * FAMILIES))
    def crowd(self, numbers, count):
        """Start most histories with more children than places."""
        for number in numbers[:count]:
            self.join(number)

    @rule(number=st.integers(0, 2 * FAMILIES - 1))
    def join(self, number):
        child = self.children[number]
        try:
            enrolment_apply(actor=child.guardian, term=self.again(), child=child)
        except DomainError as refusal:
            assert (refusal.code, self.model.open) == ("not-eligible", False)
        self.model.join(number, "all")

    @precondition(lambda self: self.in_state(*WAITS))
    @rule(data=st.data())
    def leave(self, data):
        number = self.one_of(data, *WAITS)
        enrolment_leave(actor=self.children[number].guardian, enrolment=self.row(number))
        self.model.step(number, "withdrawn")

    @precondition(lambda self: self.in_state(*WAITS))
    @rule(data=st.data())
    def take_consent_back(self, data):
        number = self.one_of(data, *WAITS)
        child = self.children[number]
        take_back(self.consents().get(about_id=child.pk), child.guardian)
        self.model.step(number, "withdrawn")

    @precondition(lambda self: self.in_state("offered"))
    @rule(data=st.data())
    def accept(self, data):
        number = self.one_of(data, "offered")
        enrolment_accept(actor=self.children[number].guardian, enrolment=self.row(number))
        self.model.step(number, "confirmed")

    @precondition(lambda self: self.in_state("offered"))
    @rule(data=st.data())
    def expire(self, data):
        numbers = data.draw(st.sets(st.sampled_from(self.in_state("offered")), min_size=1))
        for number in numbers:
            Enrolment.objects.filter(pk=self.row(number).pk).update(offered_until=timezone.now() - timedelta(1))
        assert offers_expire() == len(numbers)
        self.model.expire(numbers)

    @rule(reserved=st.integers(0, PLACES))
    def reserve(self, reserved):
        """Change how many places are given on paper; a place that is held is never taken away."""
        possible = PLACES - reserved >= self.model.held("all")
        try:
            term_reserve(actor=self.chair, term=self.again(), reserved=reserved, reason="示例")
        except DomainError as refusal:
            assert (refusal.code, possible) == ("places", False)
            return
        assert possible
        self.model.quota = {"all": PLACES - reserved}
        self.model.promote()

    @rule(is_open=st.booleans())
    def close_or_open(self, is_open):
        until = timezone.now() + timedelta(days=9 if is_open else 0)
        ClassTerm.objects.filter(pk=self.term.pk).update(enrol_until=until)
        self.model.open = is_open

    @invariant()
    def the_lists_are_the_same(self):
        rows = self.term.signups.order_by("place").values_list("child", "pool", "state", "place")
        numbers = {child.pk: number for number, child in enumerate(self.children)}
        assert [[numbers[child], pool, state] for child, pool, state, _place in rows] == self.model.rows
        assert [place for *_row, place in rows] == list(range(1, len(rows) + 1))

    @invariant()
    def who_stands_there_has_a_consent_and_nobody_else(self):
        agreed = set(self.consents().values_list("about_id", flat=True))
        assert {self.children[number].pk for number in self.in_state(*WAITS)} == agreed


@pytest.mark.django_db
def test_children_are_enrolled_as_the_model_says():
    machine, organization = ChildrenBesideModel, make_organization()
    machine.site, machine.chair = make_safe_site(organization), make_staff(organization)
    families = [make_parent() for _number in range(FAMILIES)]
    machine.children = [child for parent, first in families for child in (first, make_child(parent))]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
