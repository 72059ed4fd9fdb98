"""Demo rows of childcare: care sites and holiday classes in each city, with children who are enrolled or wait."""

from datetime import date, time, timedelta

from django.utils import timezone

from childcare.choices.sites import PaperKind, RunMode, StaffRole
from childcare.choices.terms import Course, TermState
from childcare.models import CareSite, ClassTerm, SafetyPaper, TermDraw
from childcare.services.draws import term_draw, term_freeze
from childcare.services.enrolments import enrolment_apply
from childcare.services.sites import paper_add, staff_add, staff_confirm
from childcare.services.terms import term_check, term_create, term_open, term_reserve
from portal.core.choices import Area, Capability, Sex
from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.members.choices import ChildRelation
from portal.members.services.children import child_add
from portal.organizations.models import Region

# Name, who runs it, operator, address.
SITES = (
    ("工人文化宫爱心托管班", RunMode.UNION, "市工人文化宫", "工人文化宫路18号"),
    ("职工子女爱心托管驿站", RunMode.EMPLOYER, "示例纺织有限公司工会", "园区三路6号"),
    ("社区爱心托管点", RunMode.SOCIAL, "示例社会工作服务中心", "和平社区服务中心二楼"),
)
ISSUERS = {
    PaperKind.FIRE: "区消防救援大队",
    PaperKind.BUILDING: "区住房和城乡建设局",
    PaperKind.FOOD: "区市场监督管理局",
    PaperKind.INSURANCE: "示例财产保险公司",
    PaperKind.PLAN: "托管点主办单位",
    PaperKind.LETTER: "市总工会女职工委员会",
}
CHILDREN = (
    "王一诺",
    "李沐宸",
    "张语桐",
    "刘子涵",
    "陈思齐",
    "杨可欣",
    "赵梓睿",
    "黄诗雨",
    "周嘉树",
    "吴雨泽",
    "徐若溪",
    "孙浩然",
)
ROLES = (StaffRole.CLASS_TEACHER, StaffRole.LIFE_TEACHER, StaffRole.STUDENT)
PLACES = 10
SEED = "03 11 17 22 28 31 09 / 05 08 14 19 26 33 02 / 01 07 12 21 24 30 16"
# How many of the places are given on paper, so that some of the children wait.
RESERVED = 4


def load(world):
    """Register sites in each city of ``world``.

    The first holds a class with a waiting list, the second one whose places are drawn, the third lacks papers.
    """
    for number, city in enumerate(world.cities):
        staff = [one for one in world.staff.values() if one.can(Area.CHILDCARE, Capability.APPROVE, city.path)]
        own = sorted(staff, key=lambda one: (one.organization_id != city.pk, one.pk))
        people = [one for one in world.members.values() if one.organization.path.startswith(city.path)]
        people = sorted(people, key=lambda one: one.pk)
        _load_city(number, city, own, people)


def _load_city(number, city, own, people):
    region = Region.objects.filter(parent=city.region).order_by("code").first() or city.region
    first_day = _next_term(timezone.localdate())
    for place, (name, mode, operator, address) in enumerate(SITES):
        site = CareSite(organization=city, name=f"{city.region.short_name}{name}", run_mode=mode, operator=operator)
        site.region, site.address = region, address
        site.place(Point(126.6 + number / 10 + place / 100, 45.7 + number / 20, Datum.GCJ02))
        site.save()
        lacks_papers = place == len(SITES) - 1
        for kind in PaperKind:
            if lacks_papers and kind in (PaperKind.FIRE, PaperKind.INSURANCE):
                continue
            _paper(own[0], site, kind, first_day)
        for role, member in zip(ROLES, people[place * 3 :], strict=False):
            _work(own[0], own[-1], site, member, role)
        term = _plan(own[0], site, first_day, waits=place == 0, by_draw=place == 1)
        if not lacks_papers:
            term = term_open(actor=own[-1], term=term_check(actor=own[0], term=term))
            _enrol(term, people[20 + place * 8 : 28 + place * 8], place)
        if term.by_draw and number == 0:
            _draw(own, term)


def _next_term(today):
    """Return a Monday at least four weeks from today."""
    day = today + timedelta(days=28)
    return day + timedelta(days=-day.weekday() % 7)


def _paper(actor, site, kind, first_day):
    begins = date(first_day.year - 1, 7, 1)
    paper_add(
        actor=actor,
        site=site,
        kind=kind,
        number=f"{kind.upper()}-{begins.year}-{SafetyPaper.objects.count() + 1:04d}",
        issuer=ISSUERS[kind],
        valid_from=begins,
        valid_until=date(first_day.year + 1, 6, 30),
    )


def _work(actor, second, site, member, role):
    if member.pk == actor.pk:
        return
    checked = timezone.localdate() - timedelta(days=40)
    row = staff_add(
        actor=actor,
        site=site,
        member=member,
        role=role,
        checked_on=checked,
        checker="公安机关",
        check_until=checked + timedelta(days=364),
    )
    staff_confirm(actor=second, staff=row)


def _draw(own, term):
    """Freeze and draw the class, as if its enrolment had ended and the seed were known."""
    now = timezone.now()
    ClassTerm.objects.filter(pk=term.pk).update(enrol_until=now)
    term = ClassTerm.objects.get(pk=term.pk)
    found = term_freeze(
        actor=own[0],
        term=term,
        seed_source="报名截止后第一周福利彩票双色球三期开奖号码，按开奖顺序连写",
        seed_after=now + timedelta(hours=1),
    )
    TermDraw.objects.filter(pk=found.pk).update(seed_after=now)
    term_draw(actor=own[-1], term=term, seed=SEED)


def _plan(actor, site, first_day, *, waits, by_draw):
    now = timezone.now()
    term = term_create(
        actor=actor,
        site=site,
        title=f"{site.name}{first_day.year}年第一期",
        first_on=first_day,
        last_on=first_day + timedelta(days=25),
        starts=time(8),
        ends=time(17, 30),
        courses=[Course.HOMEWORK, Course.READING, Course.ART, Course.ROLES],
        summary="上午作业看护与阅读，下午手工和职业角色体验。请自带水杯和午睡用品，午餐由托管点提供。",
        age_from=6,
        age_to=12,
        reference_on=first_day,
        places_total=PLACES if waits or by_draw else 30,
        fee=0 if waits else 300,
        enrol_from=now - timedelta(days=3),
        enrol_until=now + timedelta(days=18),
        by_draw=by_draw,
    )
    if waits or by_draw:
        term = term_reserve(actor=actor, term=term, reserved=RESERVED, reason="困难职工子女，线下报名")
    return term


def _enrol(term, parents, place):
    for number, parent in enumerate(parents):
        born = term.reference_on.replace(day=15) - timedelta(days=365 * (7 + number % 4) + 40 * number)
        child = child_add(
            guardian=parent,
            name=CHILDREN[(number + place * 5) % len(CHILDREN)],
            sex=Sex.FEMALE if number % 2 else Sex.MALE,
            born_on=born,
            relation=ChildRelation.MOTHER if parent.sex == Sex.FEMALE else ChildRelation.FATHER,
        )
        if term.state == TermState.ENROLLING:
            enrolment_apply(actor=parent, term=term, child=child)
