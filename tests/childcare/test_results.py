"""Incidents, the settlement of a class with its subsidy, ratings, nurseries, and the figures made of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from childcare.bands import BandRule, band_of, carers_needed, is_overfull
from childcare.choices.incidents import IncidentState
from childcare.choices.nurseries import AgeBand
from childcare.indicators import INDICATORS
from childcare.models import ClassDay, ClassTerm, Incident, TermResult
from childcare.retention import RULES, delete_enrolments, old_enrolments
from childcare.selectors.nurseries import nursery_gaps
from childcare.services.incidents import (
    incident_acknowledge,
    incident_note,
    incident_report,
    incident_settle,
    incidents_alert,
)
from childcare.services.nurseries import nursery_close, nursery_create, nursery_places_set
from childcare.services.pickups import bar_add, bar_end, code_make
from childcare.services.results import enrolment_rate, result_confirm, result_discard, term_settle
from childcare.subsidy import subsidy_of
from portal.core.calendar import WorkingCalendar
from portal.core.figures import Ratio
from portal.messaging.models import Message
from tests.childcare.test_terms import refused, told
from tests.factories.childcare import (
    make_attendance,
    make_day,
    make_ended_term,
    make_incident,
    make_nursery,
    make_pickup,
    make_result,
    make_running_term,
    teacher_of,
)
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db
CONTINUING = {30: Decimal(20_000), 20: Decimal(15_000), 10: Decimal(10_000)}
NEW = {30: Decimal(30_000), 20: Decimal(20_000), 10: Decimal(10_000)}
RULE = {"least_days": 20, "most_classes": 3}


class TestTheSubsidy:
    """Vector V19: 9, 10, 19, 20, 29 and 30 children; the fourth class; 19 days."""

    @pytest.mark.parametrize(
        ("children", "continuing", "new"),
        [
            (9, 0, 0),
            (10, 10_000, 10_000),
            (19, 10_000, 10_000),
            (20, 15_000, 20_000),
            (29, 15_000, 20_000),
            (30, 20_000, 30_000),
            (35, 20_000, 30_000),
        ],
    )
    def test_by_the_number_of_children(self, children, continuing, new):
        assert subsidy_of(children, 20, 0, CONTINUING, **RULE).amount == continuing
        assert subsidy_of(children, 20, 0, NEW, **RULE).amount == new

    def test_the_fourth_class_and_nineteen_days_get_nothing(self):
        assert subsidy_of(30, 20, 2, NEW, **RULE).amount == 30_000
        assert subsidy_of(30, 20, 3, NEW, **RULE).amount == 0
        assert subsidy_of(30, 19, 0, NEW, **RULE).amount == 0

    def test_158_classes_and_one_withdrawn(self):
        """Trial 59: the total comes from the rows."""
        amount = sum(subsidy_of(30, 20, 0, {30: Decimal(45_000)}, **RULE).amount for _number in range(158))
        assert (amount, amount - 45_000) == (7_110_000, 7_065_000)

    def test_working_days_of_real_notices(self):
        """Vector V20."""
        calendar = WorkingCalendar()
        spans = [("2025-07-07", "2025-08-01"), ("2025-08-04", "2025-08-29"), ("2026-02-02", "2026-02-06")]
        found = []
        for first, last in spans:
            term = ClassTerm(first_on=date.fromisoformat(first), last_on=date.fromisoformat(last))
            days = (term.first_on + timedelta(days=number - 5) for number in range(60))
            found.append(sum(term.meets_on(day, calendar) for day in days))
        assert found == [20, 20, 5]


class TestTheSettlement:
    def test_it_is_counted_from_the_rows_and_stays_when_they_are_deleted(self):
        term = make_result(make_ended_term(children=3))
        result = term.result
        figures = (result.children, result.child_days, result.class_days, result.teachers, result.incidents)
        assert figures == (3, 3, 1, 1, 0)
        assert (result.subsidy, result.is_new) == (0, True)
        long_ago = timezone.localdate() - timedelta(days=91)
        term.signups.update(first_on=long_ago, last_on=long_ago)
        assert delete_enrolments(old_enrolments(timezone.now())) == 3
        assert TermResult.objects.get().children == 3

    def test_no_incident_is_stated_and_not_left_blank(self, client):
        term = make_ended_term()
        make_incident_in(term)
        chair = make_staff(term.site.organization)
        assert refused(term_settle, actor=chair, term=term, incidents=0) == "incidents"
        url = reverse("childcare:term-settle", args=[term.pk])
        assert sign_in(client, chair).post(url, {"incidents": ""}).status_code == 422
        assert client.post(url, {"incidents": "1"}).status_code == 302
        assert TermResult.objects.get().incidents == 1

    def test_only_a_second_person_confirms_and_then_it_counts(self, client):
        term = make_ended_term()
        first, second = make_staff(term.site.organization), make_staff(term.site.organization)
        term = make_result(term, first)
        url = reverse("childcare:term-confirm", args=[term.pk])
        assert sign_in(client, first).post(url).status_code == 403
        assert not TermResult.objects.confirmed().exists()
        assert sign_in(client, second).post(url).status_code == 302
        assert TermResult.objects.confirmed().get().confirmed_by == second
        assert refused(result_discard, actor=first, term=term, reason="示例") == "confirmed"
        assert refused(result_confirm, actor=second, term=term) == "no-such-step"

    def test_twice_and_before_the_end_is_refused(self):
        term = make_result()
        chair = make_staff(term.site.organization)
        assert refused(term_settle, actor=chair, term=term, incidents=0) == "settled"
        running = make_running_term()
        assert refused(term_settle, actor=chair, term=running, incidents=0) == "not-over"
        result_discard(actor=chair, term=term, reason="示例：数错了")
        assert term_settle(actor=chair, term=type(term).objects.get(pk=term.pk), incidents=0).pk

    def test_a_class_whose_lists_are_deleted_is_not_counted_as_empty(self):
        term = make_result()
        long_ago = timezone.localdate() - timedelta(days=90)
        ClassTerm.objects.filter(pk=term.pk).update(first_on=long_ago, last_on=long_ago)
        term, chair = ClassTerm.objects.get(pk=term.pk), make_staff(term.site.organization)
        assert refused(result_discard, actor=chair, term=term, reason="示例") == "deleted"
        TermResult.objects.all().delete()
        assert refused(term_settle, actor=chair, term=term, incidents=0) == "deleted"

    def test_the_second_class_of_a_new_site_is_not_new_in_whatever_order_they_are_settled(self):
        first = make_ended_term()
        second = make_ended_term(site=first.site)
        today = timezone.localdate()
        for term, back in ((first, 40), (second, 1)):
            ClassDay.objects.filter(term=term).update(on=today - timedelta(days=back))
            days = {"first_on": today - timedelta(days=back), "last_on": today - timedelta(days=back)}
            ClassTerm.objects.filter(pk=term.pk).update(**days)
        news = [make_result(ClassTerm.objects.get(pk=term.pk)).result.is_new for term in (second, first)]
        assert news == [False, True]

    def test_ratings_are_added_up_without_names(self):
        term = make_ended_term(children=3)
        rows = list(term.signups.order_by("pk"))
        for row, rating in zip(rows[:2], (5, 4), strict=True):
            enrolment_rate(actor=row.member, enrolment=row, rating=rating)
        enrolment_rate(actor=rows[0].member, enrolment=rows[0], rating=3)
        result = make_result(term).result
        assert (result.ratings, result.rating) == (2, Decimal("3.5"))
        assert refused(enrolment_rate, actor=rows[0].member, enrolment=rows[0], rating=5) == "settled"

    def test_a_running_class_is_not_rated_and_no_other_child(self, client):
        row = make_attendance().enrolment
        assert refused(enrolment_rate, actor=row.member, enrolment=row, rating=5) == "not-over"
        ended = make_ended_term().signups.first()
        url = reverse("childcare:enrolment-rate", args=[ended.pk])
        assert sign_in(client, make_member()).post(url, {"rating": "1"}).status_code == 404
        assert sign_in(client, ended.member).post(url, {"rating": "4"}).status_code == 302


def make_incident_in(term):
    """Report an incident on the day of a term that is over."""
    day = term.days.get()
    moment = timezone.now() - timedelta(days=1)
    return incident_report(actor=teacher_of(day), day=day, kind="injury", happened_at=moment, text="示例")


class TestIncidents:
    def test_the_union_is_told_at_once_and_the_level_above_when_it_stays_silent(self):
        city = make_organization(name="示例市总工会")
        chair = make_staff(city)
        above = make_staff(city.parent)
        row = make_incident(make_day(make_running_term(city)))
        assert chair.pk in told("childcare.incident")
        assert above.pk not in told("childcare.incident")
        assert incidents_alert() == 0
        Incident.objects.update(due_at=timezone.now())
        assert (incidents_alert(), incidents_alert()) == (1, 0)
        assert told("childcare.incident_late") == [above.pk]
        assert Incident.objects.get(pk=row.pk).is_late

    def test_what_was_written_stays_and_more_is_added_below(self):
        row = make_incident()
        chair = make_staff(row.term.site.organization)
        incident_note(actor=row.reported_by, incident=row, text="示例：家长已到。")
        incident_acknowledge(actor=chair, incident=row)
        incident_settle(actor=chair, incident=Incident.objects.get(), reason="示例：地面已整改。")
        row.refresh_from_db()
        assert (row.state, row.text) == (IncidentState.SETTLED, "示例：摔倒擦伤，已消毒。")
        assert [note.text for note in row.notes.all()] == ["示例：家长已到。", "示例：地面已整改。"]
        assert refused(incident_note, actor=chair, incident=row, text="示例") == "settled"

    def test_nobody_acknowledges_the_own_report(self, client):
        row = make_incident()
        url = reverse("childcare:incident-acknowledge", args=[row.pk])
        chair = make_staff(row.term.site.organization)
        Incident.objects.update(reported_by=chair)
        assert sign_in(client, chair).post(url).status_code == 403
        assert sign_in(client, make_staff(row.term.site.organization)).post(url).status_code == 302

    def test_the_union_reads_the_text_and_not_which_child_it_was(self, client):
        day = make_day()
        attendance = make_attendance(day, here=True)
        row = make_incident(day, attendance=attendance)
        child = attendance.enrolment.child.name
        chair = make_staff(row.term.site.organization)
        page = sign_in(client, chair).get(row.get_absolute_url()).content.decode()
        assert ("已消毒" in page, child in page) == (True, False)
        page = sign_in(client, row.reported_by).get(reverse("childcare:incident-show", args=[row.pk]))
        assert child in page.content.decode()
        assert not [one for one in Message.objects.all() if "已消毒" in str(one.context)]

    def test_teachers_report_some_days_after_the_class_and_read_which_child_it_was(self, client):
        term = make_ended_term()
        day, teacher = term.days.get(), teacher_of(term.days.get())
        sign_in(client, teacher)
        page = reverse("childcare:day-incident", args=[day.pk])
        assert page in client.get(reverse("childcare:class-find")).content.decode()
        assert client.get(page).status_code == 200
        make_incident_in(term)
        make_result(term)
        assert client.get(page).status_code == 404

    def test_a_time_to_come_another_day_and_another_class_are_refused(self):
        day, stranger = make_day(), make_attendance()
        later = timezone.now() + timedelta(minutes=5)
        assert refused(make_incident, day=day, happened_at=later) == "time"
        assert refused(make_incident, day=day, happened_at=timezone.now() - timedelta(days=2)) == "time"
        assert refused(make_incident, day=day, attendance=stranger) == "child"


class TestRetention:
    def test_codes_go_after_a_week_and_adults_with_the_last_class(self):
        row = make_attendance().enrolment
        person = make_pickup(row)
        about = {"actor": row.member, "enrolment": row, "children": [row.child]}
        code_make(person=person, **about)
        bar = bar_add(actor=row.member, child=row.child, name="示例", document="示例1号")
        now, later = timezone.now(), timezone.now() + timedelta(days=91)
        rules = {rule.code: rule for rule in RULES}
        codes, adults, bars = (rules[f"childcare.{name}"] for name in ("codes", "pickups", "bars"))
        assert not codes.find(now + timedelta(days=6)).exists()
        assert codes.purge(codes.find(now + timedelta(days=7))) == 1
        # The class is not over for 90 days yet, and the bar stands.
        assert not adults.find(later).exists()
        assert not bars.find(later).exists()
        bar_end(actor=row.member, bar=bar)
        after = now + timedelta(days=101)
        assert (adults.purge(adults.find(after)), bars.purge(bars.find(after))) == (1, 1)


class TestNurseries:
    """Vector V17 and the bands of domain.md B7."""

    TODDLERS = BandRule(group=15, ratio=5)

    def test_fifteen_toddlers_with_three_carers_and_sixteen(self):
        assert (carers_needed(15, self.TODDLERS), is_overfull(15, 1, self.TODDLERS)) == (3, False)
        assert is_overfull(16, 1, self.TODDLERS)

    def test_carers_of_three_bands(self):
        ratios = (3, 5, 7)
        assert sum(carers_needed(n, BandRule(20, ratio)) for n, ratio in zip((7, 8, 5), ratios, strict=True)) == 6

    def test_a_child_moves_on_its_birthday(self):
        born = date(2025, 3, 1)
        assert band_of(born, date(2026, 2, 28)) == AgeBand.INFANT
        assert band_of(born, date(2026, 3, 1)) == AgeBand.TODDLER
        assert (band_of(born, date(2025, 8, 31)), band_of(born, date(2028, 3, 1))) == (None, None)

    def test_groups_that_are_too_large_are_refused_and_too_few_carers_are_shown(self):
        nursery = make_nursery()
        chair = make_staff(nursery.organization)
        places = {"actor": chair, "nursery": nursery, "band": AgeBand.TODDLER, "groups": 1, "places": 20}
        assert refused(nursery_places_set, **places, enrolled=16, carers=4) == "group"
        nursery_places_set(**places, enrolled=15, carers=2)
        lacking = nursery_gaps(nursery, nursery.bands.all())
        assert len(lacking) == 2
        assert "需要3名保育人员，现有2名" in lacking[1]
        nursery_places_set(**places, enrolled=10, carers=2)
        assert len(nursery_gaps(nursery, nursery.bands.all())) == 1
        assert nursery.bands.count() == 1

    def test_a_closed_one_takes_no_more_entries(self):
        nursery = make_nursery()
        chair = make_staff(nursery.organization)
        nursery_close(actor=chair, nursery=nursery, reason="示例")
        nursery.refresh_from_db()
        assert nursery.closed_on == timezone.localdate()
        assert refused(nursery_close, actor=chair, nursery=nursery, reason="示例") == "closed"

    def test_a_region_elsewhere_is_refused(self):
        city = make_organization(region=make_region("230100"))
        fields = {"region": make_region("230200"), "name": "示例", "opened_on": timezone.localdate()}
        assert refused(nursery_create, actor=make_staff(city), organization=city, **fields) == "outside"


def test_every_indicator_of_the_register_is_there():
    codes = [one.code for one in INDICATORS if not isinstance(one.figure, Ratio)]
    assert [f"CC0{number}" for number in range(1, 9)] == [code for code in codes if len(code) == 4]
