"""Demo rows of childcare: care sites and holiday classes in each city, with children who are enrolled or wait."""

from datetime import date, time, timedelta

from django.utils import timezone

from childcare.choices.days import Absence, OutingKind
from childcare.choices.incidents import IncidentKind
from childcare.choices.nurseries import AgeBand, NurseryMode
from childcare.choices.sites import PaperKind, RunMode, StaffRole
from childcare.choices.terms import Course, TermState
from childcare.models import Attendance, CareSite, ClassDay, ClassTerm, SafetyPaper, TermDraw
from childcare.selectors.pickups import Adult
from childcare.services.days import attendance_arrive, attendance_away, day_close, presence_begin
from childcare.services.draws import term_draw, term_freeze
from childcare.services.enrolments import enrolment_apply, enrolment_care
from childcare.services.incidents import incident_report
from childcare.services.nurseries import nursery_create, nursery_places_set
from childcare.services.outings import outing_begin
from childcare.services.pickups import hand_over, pickup_add
from childcare.services.results import enrolment_rate, result_confirm, term_settle
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
# Name, mode, employer, filing number.
NURSERIES = (
    ("职工子女托育园", NurseryMode.OWN, "示例纺织有限公司", "托备230000001"),
    ("园区托育中心", NurseryMode.PARK, "示例产业园区管理公司", ""),
)
# Age band, places, children enrolled, carers.
BANDS = ((AgeBand.TODDLER, 15, 11, 3), (AgeBand.OLDER, 20, 18, 3))
# In how many cities a class is held today.
RUNNING = 2
PLACES = 10
SEED = "03 11 17 22 28 31 09 / 05 08 14 19 26 33 02 / 01 07 12 21 24 30 16"
# How many of the places are given on paper, so that some of the children wait.
RESERVED = 4


def load(world):
    """Register sites in each city of ``world``.

    The first holds a class with a waiting list and one that is over, the second one whose places are drawn and one that
    is held today, the third lacks papers. Each city has two nurseries.
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
        if place == 0:
            _hold_past(own, site, people[45:51])
        if place == 1 and number < RUNNING:
            _hold_today(own, site, people[51:57])
    _nurseries(own[0], city, region)


def _moved(term, first_on, last_on):
    """Move a class that is enrolled to other days, as if the time had passed."""
    ClassTerm.objects.filter(pk=term.pk).update(first_on=first_on, last_on=last_on)
    term.signups.update(first_on=first_on, last_on=last_on)
    return ClassTerm.objects.get(pk=term.pk)


def _held(own, site, parents, title):
    """Plan a class, open it and enrol the children of ``parents``."""
    term = _plan(own[0], site, _next_term(timezone.localdate()), waits=False, by_draw=False, title=title)
    term = term_open(actor=own[-1], term=term_check(actor=own[0], term=term))
    _enrol(term, parents, 3)
    return term


def _teacher(site):
    return site.staff.get(role=StaffRole.CLASS_TEACHER)


def _hold_past(own, site, parents):
    """Hold a class whose children came and were collected; it is over, settled and confirmed."""
    today = timezone.localdate()
    term = _moved(_held(own, site, parents, "上一期"), today, today + timedelta(days=1))
    day = ClassDay.objects.create(term=term, on=today)
    Attendance.objects.bulk_create([Attendance(day=day, enrolment=row) for row in term.signups.all()])
    staff = _teacher(site)
    presence_begin(actor=staff.member, day=day, staff=staff)
    for row in day.rows.for_list():
        here = attendance_arrive(actor=staff.member, attendance=row)
        hand_over(actor=staff.member, attendance=here, adult=Adult.guardian(row.enrolment.member))
    ended = today - timedelta(days=12)
    day_close(actor=staff.member, day=day)
    ClassDay.objects.filter(pk=day.pk).update(on=ended)
    term = _moved(term, ended - timedelta(days=25), ended)
    for number, row in enumerate(term.signups.for_list()):
        enrolment_rate(actor=row.member, enrolment=row, rating=5 - number % 2)
    term_settle(actor=own[0], term=term, incidents=0)
    result_confirm(actor=own[-1], term=term)


def _hold_today(own, site, parents):
    """Hold a class today: some children are here, one is absent, one has an allergy, one incident is reported."""
    today = timezone.localdate()
    term = _moved(_held(own, site, parents, "本期"), today - timedelta(days=3), today + timedelta(days=18))
    day = ClassDay.objects.create(term=term, on=today)
    Attendance.objects.bulk_create([Attendance(day=day, enrolment=row) for row in term.signups.all()])
    staff = _teacher(site)
    presence_begin(actor=staff.member, day=day, staff=staff)
    for number, row in enumerate(day.rows.for_list().order_by("pk")):
        guardian, enrolment = row.enrolment.member, row.enrolment
        if number == 0:
            enrolment_care(actor=guardian, enrolment=enrolment, allergies="花生", medicines="", notes="午睡认床")
            pickup_add(
                actor=guardian,
                child=enrolment.child,
                name="示例奶奶",
                phone="12099990001",
                relation="奶奶",
                born_on=date(1958, 5, 4),
                valid_from=today,
            )
        if number == 1:
            attendance_away(actor=staff.member, attendance=row, absence=Absence.ILL)
        elif number < len(parents) - 1:
            attendance_arrive(actor=staff.member, attendance=row)
    outing_begin(actor=staff.member, day=day, kind=OutingKind.VEHICLE, title="市科技馆，黑A·示例01")
    incident_report(
        actor=staff.member,
        day=day,
        kind=IncidentKind.INJURY,
        happened_at=timezone.now(),
        text="一名儿童在走廊跑动时擦伤膝盖，已清洗消毒，已电话告知家长。",
    )


def _nurseries(actor, city, region):
    """Register a nursery with free places, and one that is not filed yet and lacks carers."""
    for number, (name, mode, employer, filing) in enumerate(NURSERIES):
        nursery = nursery_create(
            actor=actor,
            organization=city,
            name=f"{city.region.short_name}{name}",
            mode=mode,
            employer=employer,
            region=region,
            address=f"创业路{9 + number}号",
            phone="",
            filing_number=filing,
            opened_on=date(2025, 3, 1),
            fee=980,
            awards="" if number else "全国爱心托育用人单位",
            point=None,
        )
        for band, places, enrolled, carers in BANDS:
            nursery_places_set(
                actor=actor,
                nursery=nursery,
                band=band,
                groups=1,
                places=places,
                enrolled=enrolled,
                carers=carers - number,
            )


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


def _plan(actor, site, first_day, *, waits, by_draw, title="第一期"):
    now = timezone.now()
    term = term_create(
        actor=actor,
        site=site,
        title=f"{site.name}{first_day.year}年{title}",
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
