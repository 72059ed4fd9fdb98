"""Care sites, the safety gate, class terms and enrolments: what the services allow."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from childcare import contract
from childcare.agreements import take_back
from childcare.choices.sites import PaperKind, StaffRole
from childcare.choices.terms import TermState
from childcare.consents import ENROLMENT
from childcare.models import CareSite, CareStaff, ClassTerm, Enrolment
from childcare.own_data import assigned
from childcare.retention import delete_enrolments, old_enrolments
from childcare.safety import covered
from childcare.services.enrolments import (
    enrolment_accept,
    enrolment_apply,
    enrolment_leave,
    enrolment_sign,
    enrolments_erase,
    offers_expire,
)
from childcare.services.sites import paper_remove, site_end, staff_add, staff_end, staff_renew
from childcare.services.terms import term_cancel, term_check, term_create, term_open, term_reserve, term_update
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Consent, Member
from portal.members.services.children import child_change, child_remove
from portal.messaging.models import Message
from portal.signups.choices import SignUpState
from tests.factories.childcare import (
    make_care_law,
    make_care_staff,
    make_enrolment,
    make_paper,
    make_parent,
    make_safe_site,
    make_site,
    make_term,
    term_fields,
)
from tests.factories.members import make_child, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
SIGNED = {"name": "示例", "contact_name": "示例姑姑", "contact_phone": "12090000011"}


def refused(call, **arguments):
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    return refusal.value.code


def fresh(client, member):
    """Sign ``member`` in with a code that was typed just now."""
    sign_in(client, member)
    session = client.session
    session["code_at"] = session["seen_at"]
    session.save()
    return client


def told(kind):
    return list(Message.objects.filter(kind=kind, channel="in_app").order_by("pk").values_list("recipient", flat=True))


class TestTheSafetyGate:
    def test_days_are_covered_by_papers_that_follow_each_other(self):
        day = TODAY()
        days = [day + timedelta(days=n) for n in range(10)]
        assert covered([(days[0], days[9])], days[0], days[9])
        assert covered([(days[5], days[9]), (days[0], days[4])], days[0], days[9])
        assert not covered([(days[0], days[3]), (days[5], days[9])], days[0], days[9])
        assert not covered([(days[1], days[9])], days[0], days[9])
        assert not covered([(days[0], days[8])], days[0], days[9])
        assert not covered([], days[0], days[0])
        assert covered([(days[0], days[9]), (days[2], days[3])], days[1], days[9])

    @pytest.mark.parametrize("kind", PaperKind)
    def test_each_missing_paper_is_named_and_nobody_passes(self, kind):
        site = make_site()
        for other in set(PaperKind) - {kind}:
            make_paper(site, other)
        make_care_staff(site)
        term = make_term(site=site, state=TermState.PLANNED)
        chair = make_staff(site.organization)
        assert term.gaps() == [kind.label]
        assert refused(term_check, actor=chair, term=term) == "gate"
        make_paper(site, kind, valid_until=term.last_on - timedelta(days=1))
        assert refused(term_check, actor=chair, term=term) == "gate"
        make_paper(site, kind, valid_from=term.last_on, valid_until=term.last_on)
        assert term_check(actor=chair, term=term).state == TermState.CHECKED

    def test_without_a_class_teacher_with_a_valid_check_nothing_opens(self):
        site = make_site()
        for kind in PaperKind:
            make_paper(site, kind)
        make_care_staff(site, role=StaffRole.STUDENT)
        make_care_staff(site, confirmed_by=None)
        staff = make_care_staff(site, check_until=TODAY() + timedelta(days=30))
        term = make_term(site=site, state=TermState.PLANNED)
        assert len(term.gaps()) == 1
        CareStaff.objects.filter(pk=staff.pk).update(check_until=term.last_on)
        assert term.gaps() == []

    def test_it_is_asked_again_when_the_term_opens_and_for_each_new_child(self):
        term = make_term(state=TermState.CHECKED)
        make_care_law()
        term.checked_by = make_staff(term.site.organization)
        term.save()
        chair = make_staff(term.site.organization)
        paper = term.site.papers.filter(kind=PaperKind.FOOD).get()
        paper_remove(actor=chair, paper=paper, reason="许可证被吊销")
        assert refused(term_open, actor=chair, term=term) == "gate"
        make_paper(term.site, PaperKind.FOOD)
        term = term_open(actor=chair, term=term)
        first = make_enrolment(term)
        paper_remove(actor=chair, paper=term.site.papers.filter(kind=PaperKind.FOOD).get(), reason="许可证被吊销")
        parent, child = make_parent()
        assert refused(enrolment_apply, actor=parent, term=term, child=child) == "not-eligible"
        assert Enrolment.objects.get() == first

    def test_a_lapsed_paper_offers_no_freed_place_until_it_is_renewed(self):
        term = make_term(places_total=1)
        first, second = make_enrolment(term), make_enrolment(term)
        term.site.papers.filter(kind=PaperKind.FIRE).update(valid_until=TODAY() + timedelta(days=1))
        enrolment_leave(actor=first.member, enrolment=first)
        assert Enrolment.objects.get(pk=second.pk).state == SignUpState.WAITLISTED
        make_paper(term.site, PaperKind.FIRE)
        assert offers_expire() == 0
        assert Enrolment.objects.get(pk=second.pk).state == SignUpState.OFFERED


class TestOpening:
    def test_the_second_person_opens_what_the_first_has_checked(self, client):
        term = make_term(state=TermState.PLANNED)
        cadre, chair = make_staff(term.site.organization), make_staff(term.site.organization)
        term = term_check(actor=chair, term=term)
        address = reverse("childcare:term-open", args=[term.pk])
        assert sign_in(client, chair).post(address).status_code in (403, 404)
        assert sign_in(client, cadre).post(address).status_code == 302
        assert ClassTerm.objects.get().state == TermState.ENROLLING

    def test_new_days_close_the_gate_again(self):
        term = make_term(state=TermState.PLANNED)
        chair = make_staff(term.site.organization)
        make_care_law()
        term = term_check(actor=chair, term=term)
        fields = term_fields(title=term.title, last_on=term.last_on + timedelta(days=1))
        term = term_update(actor=chair, term=term, version=term.version, site=term.site, **fields)
        assert (term.state, term.checked_by) == (TermState.PLANNED, None)

    @pytest.mark.parametrize(("places", "code"), [(9, "places"), (10, ""), (35, ""), (36, "places")])
    def test_the_size_of_a_class_is_a_legal_number(self, places, code):
        make_care_law()
        site = make_site()
        arguments = {"actor": make_staff(site.organization), "site": site, **term_fields(places_total=places)}
        if code:
            assert refused(term_create, **arguments) == code
        else:
            assert term_create(**arguments).places_total == places

    def test_a_term_that_is_not_over_keeps_its_site(self):
        term = make_term()
        chair = make_staff(term.site.organization)
        assert refused(site_end, actor=chair, site=term.site, reason="租约到期") == "terms"
        term_cancel(actor=chair, term=term, reason="报名人数不足")
        site_end(actor=chair, site=CareSite.objects.get(), reason="租约到期")
        assert not CareStaff.objects.current().exists()


class TestStaff:
    def test_nobody_enters_oneself_and_the_person_is_told(self):
        site = make_site()
        chair, teacher = make_staff(site.organization), make_member(site.organization)
        arguments = {
            "site": site,
            "role": StaffRole.CLASS_TEACHER,
            "checked_on": TODAY(),
            "checker": "示例公安机关",
            "check_until": TODAY() + timedelta(days=300),
        }
        assert refused(staff_add, actor=chair, member=chair, **arguments) == "oneself"
        staff_add(actor=chair, member=teacher, **arguments)
        assert told("childcare.staff_added") == [teacher.pk]
        assert refused(staff_add, actor=chair, member=teacher, **arguments) == "staff"

    @pytest.mark.parametrize(
        ("on", "until", "code"),
        [(1, 200, "future"), (0, 367, "too-long"), (-200, 200, "too-long"), (-365, 0, ""), (-300, -1, "over")],
    )
    def test_a_check_is_of_the_past_and_for_a_year(self, on, until, code):
        site = make_site()
        arguments = {
            "actor": make_staff(site.organization),
            "site": site,
            "member": make_member(site.organization),
            "role": StaffRole.LIFE_TEACHER,
            "checked_on": TODAY() + timedelta(days=on),
            "checker": "示例公安机关",
            "check_until": TODAY() + timedelta(days=until),
        }
        assert (refused(staff_add, **arguments) if code else staff_add(**arguments) and "") == code

    def test_a_second_person_confirms_who_reads_the_names(self, client):
        term = make_term()
        make_enrolment(term)
        cadre, chair = make_staff(term.site.organization, Role.CADRE), make_staff(term.site.organization)
        row = make_care_staff(term.site, given_by=chair, confirmed_by=None)
        people = reverse("childcare:class-people", args=[term.pk])
        address = reverse("childcare:staff-confirm", args=[row.pk])
        assert fresh(client, row.member).get(people).status_code == 404
        for nobody in (cadre, chair):
            assert sign_in(client, nobody).post(address).status_code == 403
        assert sign_in(client, make_staff(term.site.organization)).post(address).status_code == 302
        assert fresh(client, row.member).get(people).status_code == 200

    def test_a_check_is_renewed_by_a_newer_one(self):
        site = make_site()
        chair = make_staff(site.organization)
        row = make_care_staff(site, given_by=chair)
        arguments = {"actor": chair, "staff": row, "checker": "示例公安机关"}
        later = TODAY() + timedelta(days=360)
        assert refused(staff_renew, checked_on=row.checked_on, check_until=TODAY(), **arguments) == "not-newer"
        assert staff_renew(checked_on=TODAY(), check_until=later, **arguments).check_until == later

    def test_a_teacher_who_is_replaced_during_the_term_leaves_no_gap_behind(self):
        first = TODAY() - timedelta(days=3)
        site = make_safe_site()
        term = make_term(site=site, first_on=first, last_on=first + timedelta(days=20))
        chair = make_staff(site.organization)
        staff_end(actor=chair, staff=site.staff.get())
        assert len(term.gaps()) == 1
        make_care_staff(site, valid_from=TODAY())
        assert term.gaps() == []


class TestEnrolling:
    def test_two_children_of_one_parent_have_a_place_each(self):
        term = make_term()
        parent, child = make_parent()
        rows = [make_enrolment(term, parent, child), make_enrolment(term, parent, make_child(parent))]
        assert [row.state for row in rows] == [SignUpState.CONFIRMED] * 2
        assert [row.place for row in rows] == [1, 2]
        assert make_enrolment(term, parent, child) == rows[0]
        assert Consent.objects.standing().filter(purpose=ENROLMENT.code, member=parent).count() == 2

    def test_nobody_applies_for_another_persons_child(self):
        term = make_term()
        _parent, child = make_parent()
        other = make_member(make_unit(make_organization()))
        assert refused(enrolment_apply, actor=other, term=term, child=child) == "no-child"

    @pytest.mark.parametrize(
        ("years", "days", "fits"), [(6, 0, True), (6, -1, False), (12, 364, True), (13, 0, False), (6, 1, True)]
    )
    def test_the_age_counts_in_full_years_on_the_reference_day(self, years, days, fits):
        """Born on the day itself six years before: old enough; a day later: not yet."""
        term = make_term()
        day = term.reference_on
        born = day.replace(year=day.year - years) - timedelta(days=days)
        parent, _child = make_parent()
        child = make_child(parent, born_on=born)
        if fits:
            assert make_enrolment(term, parent, child).state == SignUpState.CONFIRMED
        else:
            with pytest.raises(DomainError, match=f"{day:%Y-%m-%d}"):
                enrolment_apply(actor=parent, term=term, child=child)

    def test_only_within_the_window(self):
        now = timezone.now()
        parent, child = make_parent()
        for window in (
            {"enrol_from": now + timedelta(minutes=1)},
            {"enrol_from": now - timedelta(days=9), "enrol_until": now - timedelta(minutes=1)},
        ):
            assert refused(enrolment_apply, actor=parent, term=make_term(**window), child=child) == "not-eligible"
        for state in set(TermState) - {TermState.ENROLLING}:
            assert refused(enrolment_apply, actor=parent, term=make_term(state=state), child=child) == "not-eligible"

    def test_one_child_is_never_in_two_classes_on_one_day(self):
        one = make_term()
        parent, child = make_parent()
        first = make_enrolment(one, parent, child)
        beside = make_term(first_on=one.last_on, last_on=one.last_on + timedelta(days=5))
        after = make_term(first_on=one.last_on + timedelta(days=1), last_on=one.last_on + timedelta(days=5))
        assert refused(enrolment_apply, actor=parent, term=beside, child=child) == "not-eligible"
        assert make_enrolment(after, parent, child).state == SignUpState.CONFIRMED
        enrolment_leave(actor=parent, enrolment=first)
        row = Enrolment(offering=beside, member=parent, child=child, pool="all", place=1, state="confirmed")
        row.first_on, row.last_on = beside.first_on, after.first_on
        with pytest.raises(IntegrityError, match="childcare_enrolment_days"), transaction.atomic():
            row.save()

    def test_a_child_with_a_place_elsewhere_is_passed_over_and_keeps_its_position(self):
        term = make_term(places_total=1)
        first = make_enrolment(term)
        parent, child = make_parent()
        waits, behind = make_enrolment(term, parent, child), make_enrolment(term)
        elsewhere = make_enrolment(make_term(), parent, child)
        enrolment_leave(actor=first.member, enrolment=first)
        states = dict(Enrolment.objects.values_list("pk", "state"))
        assert (states[waits.pk], states[behind.pk]) == (SignUpState.WAITLISTED, SignUpState.OFFERED)
        enrolment_leave(actor=parent, enrolment=elsewhere)
        behind.refresh_from_db()
        enrolment_leave(actor=behind.member, enrolment=behind)
        assert Enrolment.objects.get(pk=waits.pk).state == SignUpState.OFFERED

    def test_an_offer_is_refused_once_the_child_has_a_place_on_these_days(self):
        term = make_term(places_total=1)
        first = make_enrolment(term)
        parent, child = make_parent()
        waits = make_enrolment(term, parent, child)
        enrolment_leave(actor=first.member, enrolment=first)
        make_enrolment(make_term(), parent, child)
        offered = Enrolment.objects.get(pk=waits.pk)
        assert refused(enrolment_accept, actor=parent, enrolment=offered) == "no-standing"

    def test_reserved_places_stand_in_the_same_count_and_are_read_by_all(self, client):
        term = make_term(places_total=30)
        chair = make_staff(term.site.organization)
        term = term_reserve(actor=chair, term=term, reserved=29, reason="纸质报名的困难职工子女")
        assert (make_enrolment(term).state, make_enrolment(term).state) == ("confirmed", "waitlisted")
        assert refused(term_reserve, actor=chair, term=term, reserved=30, reason="x") == "places"
        parent, _child = make_parent()
        page = sign_in(client, parent).get(term.get_member_url()).content.decode()
        assert "纸质报名的困难职工子女" in page
        term_reserve(actor=chair, term=term, reserved=28, reason="纸质报名的困难职工子女")
        assert Enrolment.objects.filter(state="offered").count() == 1

    def test_fewer_places_than_are_taken_are_refused(self):
        make_care_law()
        term = make_term(places_total=11)
        term_reserve(actor=make_staff(term.site.organization), term=term, reserved=1, reason="纸质报名")
        for _number in range(10):
            make_enrolment(term)
        term = ClassTerm.objects.get()
        fields = term_fields(title=term.title, places_total=10)
        arguments = {"actor": make_staff(term.site.organization), "term": term, "site": term.site}
        assert refused(term_update, version=term.version, **arguments, **fields) == "places"

    def test_the_place_goes_to_the_next_child_and_both_are_told(self):
        term = make_term(places_total=1)
        first, second = make_enrolment(term), make_enrolment(term)
        enrolment_leave(actor=first.member, enrolment=first)
        assert told("childcare.place_offered") == [second.member_id]
        offered = Enrolment.objects.get(pk=second.pk)
        assert enrolment_accept(actor=second.member, enrolment=offered).state == SignUpState.CONFIRMED
        assert not Consent.objects.standing().filter(purpose=ENROLMENT.code, member=first.member).exists()

    def test_an_offer_ends_by_the_clock_and_goes_on_once(self):
        term = make_term(places_total=1)
        first, second, third = (make_enrolment(term) for _number in range(3))
        enrolment_leave(actor=first.member, enrolment=first)
        Enrolment.objects.filter(pk=second.pk).update(offered_until=timezone.now())
        assert (offers_expire(), offers_expire()) == (1, 0)
        states = dict(Enrolment.objects.values_list("pk", "state"))
        assert (states[second.pk], states[third.pk]) == (SignUpState.EXPIRED, SignUpState.OFFERED)
        assert told("childcare.offer_expired") == [second.member_id]

    def test_the_guardian_is_told_of_new_days_and_of_the_end(self):
        make_care_law()
        term = make_term()
        parent, child = make_parent()
        make_enrolment(term, parent, child)
        make_enrolment(term, parent, make_child(parent))
        chair = make_staff(term.site.organization)
        fields = term_fields(title=term.title, last_on=term.last_on + timedelta(days=2))
        term = term_update(actor=chair, term=term, version=term.version, site=term.site, **fields)
        assert told("childcare.term_changed") == [parent.pk]
        assert set(Enrolment.objects.values_list("last_on", flat=True)) == {term.last_on}
        term_cancel(actor=chair, term=term, reason="食堂停用")
        assert told("childcare.term_cancelled") == [parent.pk]

    def test_an_open_class_stays_at_its_site(self):
        make_care_law()
        term = make_term()
        elsewhere = make_site(term.site.organization)
        arguments = {"actor": make_staff(term.site.organization), "term": term, "site": elsewhere}
        fields = {name: getattr(term, name) for name in term_fields()}
        assert refused(term_update, version=term.version, **arguments, **fields) == "site"
        ClassTerm.objects.update(state=TermState.CHECKED)
        term = term_update(version=term.version, **arguments, **fields)
        assert (term.state, term.site) == (TermState.PLANNED, elsewhere)

    def test_ages_that_a_child_does_not_have_are_refused(self):
        make_care_law()
        term = make_term()
        make_enrolment(term)
        fields = {name: getattr(term, name) for name in term_fields()} | {"age_from": 9}
        arguments = {"actor": make_staff(term.site.organization), "term": term, "site": term.site}
        assert refused(term_update, version=term.version, **arguments, **fields) == "ages"

    def test_the_birth_date_by_which_the_age_was_judged_stays(self):
        term = make_term()
        parent, child = make_parent()
        row = make_enrolment(term, parent, child)
        born = child.born_on - timedelta(days=2000)
        arguments = {"actor": parent, "child": child, "version": child.version}
        assert refused(child_change, born_on=born, **arguments) == "applied"
        assert child_change(name="王一诺", **arguments).name == "王一诺"
        enrolment_leave(actor=parent, enrolment=row)
        child.refresh_from_db()
        assert child_change(actor=parent, child=child, version=child.version, born_on=born).born_on == born

    def test_a_cancelled_class_ends_all_enrolments_and_offers_none_of_its_places(self):
        term = make_term(places_total=1)
        parent, child = make_parent()
        make_enrolment(term, parent, child)
        waits = make_enrolment(term)
        term_cancel(actor=make_staff(term.site.organization), term=term, reason="食堂停用")
        assert set(Enrolment.objects.values_list("state", flat=True)) == {SignUpState.WITHDRAWN}
        assert set(told("childcare.term_cancelled")) == {parent.pk, waits.member_id}
        assert ClassTerm.objects.readable_by(parent).filter(pk=term.pk).exists()
        assert not ClassTerm.objects.readable_by(make_parent()[0]).filter(pk=term.pk).exists()
        assert not Consent.objects.standing().filter(purpose=ENROLMENT.code).exists()
        assert make_enrolment(make_term(), parent, child).state == SignUpState.CONFIRMED

    def test_whoever_holds_the_phone_of_a_closed_account_learns_nothing_and_is_passed_over(self):
        term = make_term(places_total=1)
        first, closed, third = (make_enrolment(term) for _number in range(3))
        until = timezone.now() + timedelta(days=30)
        Member.objects.filter(pk=closed.member_id).update(secrets_closed_until=until)
        enrolment_leave(actor=first.member, enrolment=first)
        assert told("childcare.place_offered") == [third.member_id]
        assert Enrolment.objects.get(pk=closed.pk).state == SignUpState.WAITLISTED
        term_cancel(actor=make_staff(term.site.organization), term=term, reason="食堂停用")
        assert told("childcare.term_cancelled") == [third.member_id]

    def test_whoever_was_there_is_counted(self):
        term = make_term()
        row = make_enrolment(term)
        past = TODAY() - timedelta(days=1)
        ClassTerm.objects.update(first_on=past, last_on=past)
        Enrolment.objects.update(first_on=past, last_on=past)
        row = Enrolment.objects.get()
        assert refused(enrolment_leave, actor=row.member, enrolment=row) == "over"

    def test_the_agreement_is_signed_once_with_the_own_name(self):
        term = make_term(places_total=1)
        row, waits = make_enrolment(term), make_enrolment(term)
        assert refused(enrolment_sign, actor=waits.member, enrolment=waits, **SIGNED) == "no-place"
        about = {"actor": row.member, "enrolment": row, **SIGNED}
        assert refused(enrolment_sign, **about | {"name": "王一诺"}) == "name"
        about["name"] = row.member.name
        assert refused(enrolment_sign, **about | {"contact_phone": ""}) == "contact"
        signed = enrolment_sign(**about)
        assert (signed.signed_name, signed.signed_version) == (row.member.name, contract.VERSION)
        again = enrolment_sign(**about)
        assert again.signed_at == signed.signed_at
        make_care_law()
        enrolment_leave(actor=waits.member, enrolment=waits)
        fields = {name: getattr(term, name) for name in term_fields()} | {"fee": 200, "places_total": 10}
        chair = make_staff(term.site.organization)
        term_update(actor=chair, term=term, version=term.version, site=term.site, **fields)
        assert Enrolment.objects.get(pk=row.pk).signed_at is None

    def test_the_agreement_is_read_and_signed_on_the_phone(self, client):
        row = make_enrolment(make_term())
        address = reverse("childcare:enrolment-sign", args=[row.pk])
        sign_in(client, row.member)
        assert address in client.get(row.offering.get_member_url()).content.decode()
        assert row.offering.site.operator in client.get(address).content.decode()
        assert client.post(address, {**SIGNED, "name": "别人"}).status_code == 422
        assert client.post(address, {"name": row.member.name}).status_code == 422
        assert client.post(address, {**SIGNED, "name": f" {row.member.name} "}).status_code == 302
        assert address not in client.get(row.offering.get_member_url()).content.decode()
        assert client.get(address).status_code == 302


class TestWhoLeaves:
    def test_a_removed_child_leaves_its_classes_and_no_name(self):
        term = make_term(places_total=1)
        parent, child = make_parent()
        make_enrolment(term, parent, child)
        second = make_enrolment(term)
        child_remove(actor=parent, child=child)
        row = Enrolment.objects.get(member=parent)
        assert (row.child, row.state) == (None, SignUpState.WITHDRAWN)
        assert Enrolment.objects.get(pk=second.pk).state == SignUpState.OFFERED
        assert not Consent.objects.standing().filter(member=parent).exists()

    def test_after_the_class_a_child_is_removed_and_corrected_as_before(self):
        term = make_term(places_total=1)
        rows = [make_enrolment(term), make_enrolment(term)]
        past = TODAY() - timedelta(days=1)
        ClassTerm.objects.update(first_on=past, last_on=past)
        Enrolment.objects.update(first_on=past, last_on=past)
        for row in rows:
            child = row.child
            born = child.born_on - timedelta(days=9)
            child = child_change(actor=row.member, child=child, version=child.version, born_on=born)
            child_remove(actor=row.member, child=child)
        states = Enrolment.objects.order_by("place").values_list("state", "child")
        assert list(states) == [(SignUpState.LEFT, None), (SignUpState.WITHDRAWN, None)]

    def test_a_consent_that_is_taken_back_ends_the_enrolments(self):
        term = make_term()
        parent, child = make_parent()
        make_enrolment(term, parent, child)
        other = make_enrolment(term, parent, make_child(parent))
        consent = Consent.objects.standing().get(purpose=ENROLMENT.code, about_id=child.pk)
        take_back(consent, parent)
        assert list(Enrolment.objects.live()) == [other]
        assert Consent.objects.standing().filter(purpose=ENROLMENT.code).count() == 1

    def test_an_erased_guardian_leaves_no_enrolment(self):
        term = make_term(places_total=1)
        first, second = make_enrolment(term), make_enrolment(term)
        enrolments_erase(member=first.member, actor=make_staff(term.site.organization))
        assert list(Enrolment.objects.values_list("pk", "state")) == [(second.pk, "offered")]

    def test_ninety_days_after_the_class_nobody_knows_who_was_in_it(self):
        term = make_term()
        parent, child = make_parent()
        row = make_enrolment(term, parent, child)
        kept = make_enrolment(make_term(first_on=term.last_on + timedelta(days=1), last_on=term.last_on + timedelta(9)))
        day = timezone.now() + (term.last_on - TODAY()) + timedelta(days=89)
        assert list(old_enrolments(day)) == []
        assert list(old_enrolments(day + timedelta(days=1))) == [row]
        assert delete_enrolments(old_enrolments(day + timedelta(days=1))) == 1
        assert list(Enrolment.objects.all()) == [kept]
        assert not Consent.objects.standing().filter(purpose=ENROLMENT.code, member=parent).exists()


class TestWhoSeesTheChildren:
    def page(self, client, member, term):
        return fresh(client, member).get(reverse("childcare:class-people", args=[term.pk]))

    def test_the_teachers_of_the_site_see_them_and_no_duty_does(self, client):
        """The teachers see who has a place; of those who wait nobody sees a name."""
        term = make_term(places_total=1)
        teacher = term.site.staff.get().member
        parent, child = make_parent()
        make_enrolment(term, parent, child)
        _other, waiting = make_parent()
        make_enrolment(term, _other, waiting)
        page = self.page(client, teacher, term)
        assert page.status_code == 200
        assert child.name in page.content.decode()
        assert waiting.name not in page.content.decode()
        assert AuditEntry.objects.about(term).filter(action="term.children_read", actor=teacher).count() == 1
        volunteer = make_care_staff(term.site, role=StaffRole.STUDENT).member
        elsewhere = make_care_staff(make_safe_site(term.site.organization)).member
        staff = [make_staff(term.site.organization, role) for role in (Role.CHAIR, Role.CADRE)]
        for other in (volunteer, elsewhere, parent, *staff):
            assert self.page(client, other, term).status_code == 404, other
            assert not Enrolment.objects.visible_to(other).exists()

    def test_it_ends_with_the_work_with_the_check_and_with_the_term(self, client):
        term = make_term()
        staff = term.site.staff.get()
        make_enrolment(term)
        assert self.page(client, staff.member, term).status_code == 200
        CareStaff.objects.update(check_until=TODAY() - timedelta(days=1))
        assert self.page(client, staff.member, term).status_code == 404
        CareStaff.objects.update(check_until=TODAY())
        assert self.page(client, staff.member, term).status_code == 200
        ClassTerm.objects.update(state=TermState.CANCELLED)
        assert self.page(client, staff.member, term).status_code == 404
        ClassTerm.objects.update(state=TermState.ENROLLING)
        staff_end(actor=make_staff(term.site.organization), staff=staff)
        assert self.page(client, staff.member, term).status_code == 404

    def test_children_of_one_name_are_marked_and_one_child_entered_twice(self, client):
        term = make_term()
        mother, child = make_parent()
        make_enrolment(term, mother, child)
        father, other = make_parent()
        make_enrolment(term, father, make_child(father, name=child.name, born_on=child.born_on))
        make_enrolment(term, father, make_child(father, name=child.name, born_on=other.born_on - timedelta(days=9)))
        page = self.page(client, term.site.staff.get().member, term).content.decode()
        assert page.count("可能与序号1是同一名孩子") == 1
        assert page.count("与序号1同名") == 1

    def test_the_guardian_reads_which_teachers_see_the_child(self):
        term = make_term(places_total=1)
        teacher = term.site.staff.get().member
        make_term(site=term.site)
        make_care_staff(term.site, role=StaffRole.STUDENT)
        parent, child = make_parent()
        make_enrolment(term, parent, child)
        waits = make_enrolment(term)
        ((who, about, _fields),) = [(row.who, row.about, row.fields) for row in assigned(parent)]
        assert (teacher.name in who, about) == (True, term.title)
        assert assigned(waits.member) == []

    def test_a_duty_reads_counts_and_no_name(self, client):
        term = make_term()
        parent, child = make_parent()
        make_enrolment(term, parent, child)
        page = sign_in(client, make_staff(term.site.organization)).get(term.get_absolute_url()).content.decode()
        assert child.name not in page
        assert parent.name not in page


class TestAtThePhone:
    def test_from_the_list_to_a_place_and_out_again(self, client):
        term = make_term()
        parent, child = make_parent()
        fresh(client, parent)
        assert term.title in client.get(reverse("childcare:class-find")).content.decode()
        assert reverse("childcare:class-enrol", args=[term.pk]) in client.get(term.get_member_url()).content.decode()
        address = reverse("childcare:class-enrol", args=[term.pk])
        assert child.name in client.get(address).content.decode()
        assert client.post(address, {"child": child.pk}).status_code == 422
        assert not Enrolment.objects.exists()
        assert client.post(address, {"child": child.pk, "agree": "on"}).status_code == 302
        row = Enrolment.objects.get()
        assert (row.state, row.child_id, row.member_id) == ("confirmed", child.pk, parent.pk)
        page = client.get(term.get_member_url()).content.decode()
        assert reverse("childcare:enrolment-leave", args=[row.pk]) in page
        assert client.post(reverse("childcare:enrolment-leave", args=[row.pk])).status_code == 302
        assert not Enrolment.objects.live().exists()

    def test_the_position_in_line_is_told(self, client):
        term = make_term(places_total=1)
        for _number in range(3):
            row = make_enrolment(term)
        page = sign_in(client, row.member).get(term.get_member_url()).content.decode()
        assert "候补第2位" in page

    def test_another_parents_child_and_enrolment_are_closed(self, client):
        term = make_term()
        row = make_enrolment(term)
        parent, _child = make_parent()
        fresh(client, parent)
        address = reverse("childcare:class-enrol", args=[term.pk])
        assert client.post(address, {"child": row.child_id, "agree": "on"}).status_code == 422
        for name in ("accept", "leave"):
            address = reverse(f"childcare:enrolment-{name}", args=[row.pk])
            assert client.get(address).status_code == client.post(address).status_code == 404

    def test_a_planned_term_is_not_announced(self, client):
        term = make_term(state=TermState.CHECKED)
        parent, _child = make_parent()
        sign_in(client, parent)
        assert client.get(term.get_member_url()).status_code == 404
        assert term.title not in client.get(reverse("childcare:class-find")).content.decode()
