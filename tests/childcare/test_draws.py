"""The draw of a class term: frozen list, later seed, public result that anybody can repeat."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from childcare.models import Enrolment, TermDraw
from childcare.services.draws import application_decline, term_draw, term_freeze
from childcare.services.enrolments import enrolment_accept, enrolment_apply, enrolment_leave, offers_expire
from childcare.services.terms import term_cancel, term_reserve, term_update
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Member
from portal.messaging.models import Message
from portal.signups.choices import SignUpState
from tests.factories.childcare import (
    make_care_law,
    make_draw,
    make_draw_term,
    make_enrolment,
    make_parent,
    make_term,
    term_fields,
)
from tests.factories.members import make_child, make_staff, sign_in

pytestmark = pytest.mark.django_db
SEED = "20270118 0617 2233 4051"


def refused(call, **arguments):
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    return refusal.value.code


def drawn(term, seed=SEED):
    """Freeze and draw a term by two people; return the draw."""
    make_draw(term)
    return term_draw(actor=make_staff(term.site.organization), term=term, seed=seed)


class TestBeforeTheDraw:
    def test_nobody_gains_by_applying_first(self):
        term = make_term(places_total=1, by_draw=True)
        rows = [make_enrolment(term) for _number in range(3)]
        assert {row.state for row in rows} == {SignUpState.APPLIED}

    def test_the_list_is_frozen_after_the_window_and_once(self):
        open_term = make_term(by_draw=True)
        make_enrolment(open_term)
        later = timezone.now() + timedelta(hours=1)
        arguments = {"actor": make_staff(open_term.site.organization), "seed_source": "示例", "seed_after": later}
        assert refused(term_freeze, term=open_term, **arguments) == "no-such-step"
        term = make_draw_term()
        assert refused(term_freeze, term=term, **arguments | {"seed_after": timezone.now()}) == "seed-early"
        late = term.begins_at - timedelta(hours=47)
        assert refused(term_freeze, term=term, **arguments | {"seed_after": late}) == "seed-late"
        full = make_draw_term(places_total=1)
        type(term).objects.filter(pk=full.pk).update(reserved=1, reserved_reason="纸质报名")
        full.refresh_from_db()
        assert refused(term_freeze, term=full, **arguments) == "no-places"
        term_freeze(term=term, **arguments)
        assert refused(term_freeze, term=term, **arguments) == "no-such-step"
        assert refused(term_freeze, term=make_draw_term(children=0), **arguments) == "nobody"

    def test_one_child_entered_by_two_people_stops_the_freeze(self):
        term = make_term(by_draw=True)
        mother, child = make_parent()
        father, _other = make_parent()
        make_enrolment(term)
        make_enrolment(term, mother, child)
        twin = make_child(father, name=child.name, born_on=child.born_on)
        double = make_enrolment(term, father, twin)
        past = {"enrol_from": timezone.now() - timedelta(days=2), "enrol_until": timezone.now()}
        type(term).objects.update(**past)
        term.refresh_from_db()
        later = timezone.now() + timedelta(hours=1)
        arguments = {"actor": make_staff(term.site.organization), "term": term, "seed_source": "示例"}
        with pytest.raises(DomainError, match=r"2.*3"):
            term_freeze(seed_after=later, **arguments)
        chair = arguments["actor"]
        assert refused(application_decline, actor=chair, term=term, place=9, reason="重复") == "nobody"
        # Nobody clears the list for somebody else.
        assert refused(application_decline, actor=chair, term=term, place=1, reason="重复") == "no-double"
        row = application_decline(actor=chair, term=term, place=3, reason="同一名儿童已由另一位监护人申请")
        assert (row.pk, row.state) == (double.pk, SignUpState.DECLINED)
        (told,) = Message.objects.filter(kind="childcare.declined", channel="in_app")
        assert (told.recipient_id, told.context["reason"]) == (father.pk, "同一名儿童已由另一位监护人申请")
        assert term_freeze(seed_after=later, **arguments).list_hash
        assert refused(application_decline, actor=chair, term=term, place=2, reason="重复") == "nobody"

    def test_after_the_freeze_nobody_enters_and_nothing_of_the_list_changes(self):
        make_care_law()
        term = make_draw_term(places_total=12, children=2)
        make_draw(term, known=False)
        term = type(term).objects.get()
        parent, child = make_parent()
        assert refused(enrolment_apply, actor=parent, term=term, child=child) == "not-eligible"
        chair = make_staff(term.site.organization)
        assert refused(term_reserve, actor=chair, term=term, reserved=1, reason="x") == "frozen"
        fields = {name: getattr(term, name) for name in term_fields()} | {"by_draw": True, "places_total": 13}
        arguments = {"actor": chair, "term": term, "version": term.version, "site": term.site}
        assert refused(term_update, **arguments, **fields) == "frozen"

    def test_the_seed_is_entered_after_its_moment_by_a_second_person_and_once(self, client):
        term = make_draw_term()
        chair = make_staff(term.site.organization)
        found = make_draw(term, chair, known=False)
        second = make_staff(term.site.organization)
        assert refused(term_draw, actor=second, term=term, seed=SEED) == "no-such-step"
        TermDraw.objects.update(seed_after=timezone.now() - timedelta(seconds=1))
        address = reverse("childcare:term-draw", args=[term.pk])
        for nobody in (chair, make_staff(term.site.organization, Role.CADRE)):
            assert sign_in(client, nobody).post(address, {"seed": SEED}).status_code == 403
        assert sign_in(client, second).post(address, {"seed": SEED}).status_code == 302
        entries = AuditEntry.objects.about(term).filter(action="term.draw").count()
        assert refused(term_draw, actor=second, term=term, seed="9" * 40) == "no-such-step"
        found.refresh_from_db()
        assert (found.seed, entries) == (SEED, 1)

    @pytest.mark.parametrize(
        ("seed", "code"), [("1", "seed-short"), ("１２３４５６", "seed-odd"), ("", "seed-odd"), ("123456", "")]
    )
    def test_a_seed_is_plain_and_long_enough(self, seed, code):
        """Ten of twelve have 66 results, which takes seven bits: two decimal digits are enough, one is not."""
        term = make_draw_term(places_total=10, children=12)
        make_draw(term)
        arguments = {"actor": make_staff(term.site.organization), "term": term, "seed": seed}
        assert (refused(term_draw, **arguments) if code else term_draw(**arguments) and "") == code


class TestTheResult:
    def test_places_and_line_are_those_of_the_draw_and_the_guardians_are_told(self):
        term = make_draw_term(places_total=2, children=5)
        found = drawn(term)
        rows = {row.number: row for row in Enrolment.objects.all()}
        admitted = {int(number) for number in found.published["admitted"]}
        assert {number for number, row in rows.items() if row.state == SignUpState.OFFERED} == admitted
        assert len(admitted) == 2
        (line,) = found.published["waiting"].values()
        assert sorted(line, key=lambda number: rows[number].place) == line
        assert {rows[number].state for number in line} == {SignUpState.WAITLISTED}
        told = Message.objects.filter(kind="childcare.place_offered", channel="in_app").values_list(
            "recipient", flat=True
        )
        assert set(told) == {rows[number].member_id for number in admitted}

    def test_what_is_freed_goes_on_in_the_drawn_order(self):
        term = make_draw_term(places_total=2, children=5)
        found = drawn(term)
        (line,) = found.published["waiting"].values()
        row = Enrolment.objects.filter(state=SignUpState.OFFERED).first()
        row = enrolment_accept(actor=row.member, enrolment=row)
        enrolment_leave(actor=row.member, enrolment=row)
        assert Enrolment.objects.get(number=line[0]).state == SignUpState.OFFERED

    def test_whoever_withdraws_before_the_seed_is_skipped_and_later_changes_nothing(self):
        term = make_draw_term(places_total=2, children=4)
        make_draw(term, known=False)
        early, late = Enrolment.objects.order_by("number")[:2]
        enrolment_leave(actor=early.member, enrolment=early)
        TermDraw.objects.update(seed_after=timezone.now())
        enrolment_leave(actor=late.member, enrolment=late)
        found = term_draw(actor=make_staff(term.site.organization), term=term, seed=SEED)
        assert found.published["withdrawn"] == [early.number]
        numbers = {int(number) for number in found.published["admitted"]}
        (line,) = found.published["waiting"].values()
        assert numbers | set(line) == {1, 2, 3, 4} - {early.number}
        states = dict(Enrolment.objects.values_list("number", "state"))
        assert (states[early.number], states[late.number]) == (SignUpState.WITHDRAWN,) * 2
        assert sum(state == SignUpState.OFFERED for state in states.values()) == 2

    def test_a_closed_account_keeps_its_position_and_the_place_goes_on(self):
        term = make_draw_term(places_total=2, children=4)
        make_draw(term)
        Member.objects.filter(pk__in=Enrolment.objects.values("member")).update(
            secrets_closed_until=timezone.now() + timedelta(days=30)
        )
        found = term_draw(actor=make_staff(term.site.organization), term=term, seed=SEED)
        assert set(Enrolment.objects.values_list("state", flat=True)) == {SignUpState.WAITLISTED}
        Member.objects.update(secrets_closed_until=None)
        offers_expire()
        offered = Enrolment.objects.filter(state=SignUpState.OFFERED).values_list("number", flat=True)
        assert set(offered) == {int(number) for number in found.published["admitted"]}

    def test_whoever_waits_is_told_that_the_child_waits(self):
        term = make_draw_term(places_total=2, children=4)
        before = set(Message.objects.values_list("pk", flat=True))
        drawn(term)
        told = Message.objects.exclude(pk__in=before).filter(kind="childcare.enrolled", channel="in_app")
        waiting = Enrolment.objects.waiting().values_list("member", flat=True)
        assert set(told.values_list("recipient", flat=True)) == set(waiting)

    def test_there_is_no_draw_once_the_class_has_begun(self):
        term = make_draw_term()
        make_draw(term)
        type(term).objects.update(first_on=timezone.localdate())
        term.refresh_from_db()
        arguments = {"actor": make_staff(term.site.organization), "term": term}
        assert refused(term_draw, seed=SEED, **arguments) == "no-such-step"
        offers_expire()
        assert set(Enrolment.objects.values_list("state", flat=True)) == {SignUpState.WITHDRAWN}
        assert Message.objects.filter(kind="childcare.no_place", channel="in_app").count() == 3


class TestThePublicPage:
    def test_anybody_repeats_it_with_the_script_and_finds_no_name(self, client, tmp_path):
        term = make_draw_term(places_total=3, children=6)
        found = drawn(term)
        row = Enrolment.objects.select_related("child", "member").first()
        page = client.get(found.get_absolute_url()).content.decode()
        assert found.list_hash in page
        assert SEED in page
        file = client.get(reverse("childcare:draw-file", args=[term.pk])).content
        for secret in (row.child.name, row.member.name):
            assert secret not in page
            assert secret not in file.decode()
        (tmp_path / "file.json").write_bytes(file)
        (tmp_path / "check.py").write_bytes(client.get(reverse("childcare:draw-script")).content)
        command = [sys.executable, "check.py", "file.json"]
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (said.returncode, said.stdout.strip()) == (0, "same")
        changed = json.loads(file)
        changed["admitted"] = dict.fromkeys(changed["waiting"][f"T{term.pk}"], f"T{term.pk}")
        (tmp_path / "file.json").write_text(json.dumps(changed))
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert said.returncode == 1

    def test_a_family_finds_its_own_number_and_no_other(self, client):
        term = make_draw_term(children=3)
        found = drawn(term)
        row = Enrolment.objects.get(number=2)
        page = sign_in(client, row.member).get(found.get_absolute_url()).content.decode()
        assert "您的号码：2" in page
        parent, _child = make_parent()
        assert "您的号码" not in sign_in(client, parent).get(found.get_absolute_url()).content.decode()

    def test_before_the_draw_the_list_and_its_check_sum_are_public(self, client):
        term = make_draw_term()
        found = make_draw(term, known=False)
        assert found.list_hash in client.get(found.get_absolute_url()).content.decode()
        file = client.get(reverse("childcare:draw-file", args=[term.pk]))
        assert file.content.decode() == found.frozen
        term_cancel(actor=make_staff(term.site.organization), term=term, reason="食堂停用")
        page = client.get(found.get_absolute_url()).content.decode()
        assert found.list_hash in page
        assert "本班已取消" in page
        # The reason is written for the guardians, and strangers read this page.
        assert "食堂停用" not in page
