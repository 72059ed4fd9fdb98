"""Builders of childcare."""

from datetime import time, timedelta
from itertools import count

from django.core.management import call_command
from django.utils import timezone

from childcare.choices.sites import PaperKind, RunMode, StaffRole
from childcare.choices.terms import Course, TermState
from childcare.models import CareSite, CareStaff, ClassTerm, SafetyPaper, TermDraw
from childcare.services.draws import term_freeze
from childcare.services.enrolments import enrolment_apply
from portal.organizations.models import LegalParameter, Region
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
