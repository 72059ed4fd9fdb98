"""Builders of childcare."""

from datetime import date, datetime, time, timedelta
from itertools import count

from django.core.management import call_command
from django.utils import timezone

from childcare.choices.days import OutingKind
from childcare.choices.incidents import IncidentKind
from childcare.choices.nurseries import AgeBand, NurseryMode
from childcare.choices.sites import PaperKind, RunMode, StaffRole
from childcare.choices.terms import Course, TermState
from childcare.models import (
    CareSite,
    CareStaff,
    ClassDay,
    ClassTerm,
    Enrolment,
    Incident,
    Nursery,
    NurseryPlaces,
    SafetyPaper,
    TermDraw,
    TermResult,
)
from childcare.selectors.pickups import Adult
from childcare.services.days import attendance_arrive, day_open, presence_begin
from childcare.services.draws import term_freeze
from childcare.services.enrolments import enrolment_apply
from childcare.services.incidents import incident_report
from childcare.services.outings import outing_begin
from childcare.services.pickups import hand_over, pickup_add
from childcare.services.results import term_settle
from portal.core.fields import reserve_pks
from portal.organizations.choices import DayKind
from portal.organizations.models import CalendarDay, LegalParameter, Region
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_child, make_member, make_staff
from tests.factories.organizations import make_organization, make_unit

_numbers = count(1)


def make_care_law():
    """Load the legal numbers that ship with the portal, once."""
    if not LegalParameter.objects.filter(key="childcare.places_max").exists():
        call_command("load_legal_parameters", verbosity=0)


def make_site(organization=None, **fields):
    """Create a site without papers or staff."""
    fields = {
        "name": f"示例托管点{next(_numbers)}",
        "run_mode": RunMode.UNION,
        "operator": "示例工会",
        "address": "示例路1号",
        **fields,
    }
    organization = organization or make_organization()
    region = (
        fields.pop("region", None) or organization.region or Region.objects.filter(level=2).first() or make_region()
    )
    return CareSite.objects.create(organization=organization, region=region, **fields)


def make_paper(site, kind=PaperKind.FIRE, **fields):
    """Create a safety paper that is valid for this year and the next."""
    today = timezone.localdate()
    fields = {
        "number": f"示例证{next(_numbers)}",
        "issuer": "示例部门",
        "valid_from": today - timedelta(days=30),
        "valid_until": today + timedelta(days=400),
        **fields,
    }
    return SafetyPaper.objects.create(site=site, kind=kind, **fields)


def make_care_staff(site, member=None, role=StaffRole.CLASS_TEACHER, **fields):
    """Let a member work at a site, by default as a class teacher with a check that is valid for a year."""
    today = timezone.localdate()
    fields = {
        "checked_on": today - timedelta(days=10),
        "checker": "示例公安机关",
        "check_until": today + timedelta(days=350),
        "valid_from": today - timedelta(days=5),
        **fields,
    }
    fields.setdefault("confirmed_by", make_staff(site.organization))
    return CareStaff.objects.create(site=site, member=member or make_member(site.organization), role=role, **fields)


def make_safe_site(organization=None, **fields):
    """Create a site with all safety papers and a class teacher."""
    site = make_site(organization, **fields)
    for kind in PaperKind:
        make_paper(site, kind)
    make_care_staff(site)
    return site


def term_fields(**fields):
    """Return the fields of a term of two weeks that begins in four weeks and can be applied for now."""
    now, first = timezone.now(), timezone.localdate() + timedelta(days=28)
    return {
        "title": f"示例托管班{next(_numbers)}",
        "first_on": first,
        "last_on": first + timedelta(days=11),
        "starts": time(8),
        "ends": time(17, 30),
        "courses": [Course.HOMEWORK, Course.READING],
        "summary": "上午作业辅导，下午兴趣活动。",
        "age_from": 6,
        "age_to": 12,
        "reference_on": first,
        "places_total": 30,
        "fee": 0,
        "enrol_from": now - timedelta(days=1),
        "enrol_until": now + timedelta(days=14),
        **fields,
    }


def make_term(organization=None, state=TermState.ENROLLING, site=None, **fields):
    """Create a term at a safe site, open for enrolment."""
    return ClassTerm.objects.create(site=site or make_safe_site(organization), state=state, **term_fields(**fields))


def make_draw_term(organization=None, children=3, **fields):
    """Create a term whose places are drawn, with applications, after its enrolment has ended."""
    term = make_term(organization, by_draw=True, **fields)
    for _number in range(children):
        make_enrolment(term)
    now = timezone.now()
    past = {"enrol_from": now - timedelta(days=9), "enrol_until": now - timedelta(minutes=1)}
    ClassTerm.objects.filter(pk=term.pk).update(**past)
    return ClassTerm.objects.get(pk=term.pk)


def make_draw(term, actor=None, *, known=True):
    """Freeze the list of a term; the seed is known by now, or not yet."""
    actor = actor or make_staff(term.site.organization)
    later = timezone.now() + timedelta(hours=1)
    found = term_freeze(actor=actor, term=term, seed_source="示例公证处当众掷骰子", seed_after=later)
    if known:
        TermDraw.objects.filter(pk=found.pk).update(seed_after=timezone.now() - timedelta(seconds=1))
    return TermDraw.objects.get(pk=found.pk)


def make_parent(organization=None):
    """Create a member with an open account and one child of seven years."""
    parent = make_member(organization or make_unit(make_organization()))
    return parent, make_child(parent)


def make_enrolment(term, parent=None, child=None):
    """Apply for a child of ``parent``, or of a new one."""
    if parent is None:
        parent, child = make_parent()
    return enrolment_apply(actor=parent, term=term, child=child or make_child(parent))


def make_running_term(organization=None, children=1, **fields):
    """Create a term that is held today, with children who have a place; today is a working day."""
    make_care_law()
    today = timezone.localdate()
    CalendarDay.objects.update_or_create(day=today, defaults={"kind": DayKind.WORKING, "name": "示例"})
    term = make_term(organization, **fields)
    for _number in range(children):
        make_enrolment(term)
    days = {"first_on": today - timedelta(days=1), "last_on": today + timedelta(days=9)}
    ClassTerm.objects.filter(pk=term.pk).update(**days)
    term.signups.update(**days)
    return ClassTerm.objects.get(pk=term.pk)


def make_day(term=None, **fields):
    """Open today's list of a class."""
    return day_open(term=term or make_running_term(**fields), on=timezone.localdate())


def make_attendance(day=None, *, here=False, actor=None):
    """Return the attendance of the first child of a day, expected or here."""
    day = day or make_day()
    row = day.rows.order_by("pk").first()
    return attendance_arrive(actor=actor or teacher_of(day), attendance=row) if here else row


def teacher_of(day):
    """Return a class teacher of the site."""
    return day.term.site.staff.filter(role=StaffRole.CLASS_TEACHER).first().member


def make_enrolment_today(row, parent=None, *, opens=True):
    """Enrol one more child, of ``parent``, in the running class of ``row``, and put it on today's list if ``opens``."""
    term, today = row.day.term, timezone.localdate()
    rows = ClassTerm.objects.filter(pk=term.pk)
    days = {"first_on": term.first_on, "last_on": term.last_on}
    rows.update(first_on=today + timedelta(days=28), last_on=today + timedelta(days=39))
    enrolment = make_enrolment(rows.get(), parent, make_child(parent) if parent else None)
    rows.update(**days)
    Enrolment.objects.filter(pk=enrolment.pk).update(**days)
    if opens:
        day_open(term=rows.get(), on=today)
    return Enrolment.objects.get(pk=enrolment.pk)


def make_pickup(enrolment, name="示例奶奶", phone="12090000001", **fields):
    """List a grandmother who may collect the child."""
    today = timezone.localdate()
    fields = {"relation": "奶奶", "born_on": date(1960, 1, 1), "valid_from": today, **fields}
    return pickup_add(actor=enrolment.member, child=enrolment.child, name=name, phone=phone, **fields)


def make_outing(day=None):
    """Begin an outing with the children who are here."""
    day = day or make_attendance(here=True).day
    return outing_begin(actor=teacher_of(day), day=day, kind=OutingKind.VEHICLE, title="示例科技馆，黑A00001")


def make_incident(day=None, **fields):
    """Report an injury on a day of a class, by its teacher."""
    day = day or make_day()
    fields = {
        "kind": IncidentKind.INJURY,
        "happened_at": timezone.now(),
        "text": "示例：摔倒擦伤，已消毒。",
        "actor": teacher_of(day),
        **fields,
    }
    return incident_report(day=day, **fields)


def make_ended_term(organization=None, children=2, **fields):
    """Create a term whose last day was yesterday, on which all children came and were collected."""
    term = make_running_term(organization, children, **fields)
    day = make_day(term)
    staff = term.site.staff.first()
    presence_begin(actor=staff.member, day=day, staff=staff)
    for row in day.rows.all():
        here = attendance_arrive(actor=staff.member, attendance=row)
        hand_over(actor=staff.member, attendance=here, adult=Adult.guardian(here.enrolment.member))
    yesterday = timezone.localdate() - timedelta(days=1)
    days = {"first_on": yesterday - timedelta(days=30), "last_on": yesterday}
    ClassDay.objects.filter(term=term).update(on=yesterday)
    ClassTerm.objects.filter(pk=term.pk).update(**days)
    term.signups.update(**days)
    return ClassTerm.objects.get(pk=term.pk)


def make_result(term=None, actor=None):
    """Settle a class that is over."""
    term = term or make_ended_term()
    term_settle(actor=actor or make_staff(term.site.organization), term=term, incidents=term.incidents.count())
    return ClassTerm.objects.get(pk=term.pk)


def make_nursery(organization=None, **fields):
    """Create a nursery without places."""
    make_care_law()
    organization = organization or make_organization()
    region = organization.region or Region.objects.filter(level=2).first() or make_region()
    fields = {
        "name": f"示例托育点{next(_numbers)}",
        "mode": NurseryMode.OWN,
        "employer": "示例纺织有限公司",
        "region": region,
        "address": "示例路2号",
        "opened_on": timezone.localdate() - timedelta(days=60),
        **fields,
    }
    return Nursery.objects.create(organization=organization, **fields)


def put_figures(organization, on):
    """Put what the figures of childcare are made of on one day: a settled class with an incident, and a nursery."""
    nursery = make_nursery(organization, opened_on=on)
    NurseryPlaces.objects.create(nursery=nursery, band=AgeBand.TODDLER, groups=1, places=15, enrolled=9, carers=2)
    first, second = make_staff(organization), make_staff(organization)
    term = make_term(organization, first_on=on, last_on=on, reference_on=on)
    TermResult.objects.create(
        term=term,
        ended_on=on,
        children=28,
        child_days=500,
        class_days=20,
        teachers=5,
        incidents=1,
        ratings=0,
        rating_total=0,
        is_new=True,
        subsidy=20_000,
        settled_by=first,
        confirmed_by=second,
        confirmed_at=timezone.now(),
    )
    (pk,) = reserve_pks(Incident)
    noon = datetime.combine(on, time(12), timezone.get_default_timezone())
    about = {"kind": IncidentKind.INJURY, "text": "示例", "due_at": noon, "reported_by": first}
    Incident.objects.create(pk=pk, term=term, happened_on=on, happened_at=noon, **about)
