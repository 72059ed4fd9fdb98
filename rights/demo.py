"""Demo rows of the rights area: a station and law sessions in each city, and requests for help in two of them."""

from datetime import time, timedelta

from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization, Region
from rights.choices.cases import CaseCategory, LedgerKind, Naming, Outcome, ProtectedPeriod, Solved, StepKind
from rights.choices.law_sessions import LawSessionState, SessionKind
from rights.choices.stations import HostKind, Weekday
from rights.models import CaseLedgerEntry, LawSession
from rights.selectors.cases import who_may_handle
from rights.services import applicants, cases, closing, law_sessions, steps
from rights.services import stations as services
from rights.services.ledger import ledger_release

HOSTS = (
    (HostKind.ARBITRATION, "劳动人事争议仲裁院"),
    (HostKind.COURT, "基层法院诉讼服务中心"),
    (HostKind.MEDIATION, "矛盾纠纷调解中心"),
    (HostKind.LEGAL_AID, "法律援助中心"),
    (HostKind.UNION, "职工服务中心"),
    (HostKind.PARK, "开发区管委会"),
)
SHIFTS = ((Weekday.MONDAY, time(9), time(11, 30)), (Weekday.THURSDAY, time(13, 30), time(16, 30)))
PAUSED, ENDED = 4, 9
# The last steps of further cases, each of which starts a legal deadline.
LATER = (StepKind.ARBITRATE, StepKind.ACCEPTED, StepKind.AWARDED, StepKind.LEGAL_AID)
# The cities in which somebody asked for help.
ASKED = 2
PAST_MONTHS = 6
REQUESTS = (
    (CaseCategory.DISMISSAL, ProtectedPeriod.PREGNANCY, "我怀孕五个月，单位口头通知不用再来上班。", "希望恢复工作"),
    (CaseCategory.LEAVE_PAY, ProtectedPeriod.MATERNITY, "产假期间单位只发最低工资，生育津贴没有补差。", "希望补发差额"),
    (CaseCategory.WAGES, ProtectedPeriod.NONE, "单位拖欠两个月工资，同车间还有十几个人。", "希望尽快发放工资"),
    (CaseCategory.NURSING_TIME, ProtectedPeriod.NURSING, "哺乳期被安排夜班，没有哺乳时间。", "希望调整班次"),
    (CaseCategory.POST_CHANGE, ProtectedPeriod.NURSING, "休完产假回来被调岗，工资降了三分之一。", "想知道这样合不合法"),
)


# Title, kind, speaker, places, days from today.
SESSIONS = (
    ("女职工“三期”权益保护", SessionKind.LECTURE, "示例律师事务所律师", 60, 9),
    ("职场性骚扰的预防与处理", SessionKind.ONLINE, "市总工会法律工作部", 300, 16),
    ("劳动合同与工资现场咨询", SessionKind.CONSULTATION, "法律援助志愿者", 2, 4),
)
PAST_SESSIONS = 5


def load(world):
    """Open a station in each city of ``world``, one paused and one ended, and plan law sessions."""
    for number, city in enumerate(world.cities):
        keepers = [one for one in world.staff.values() if one.can(Area.RIGHTS, Capability.EDIT, city.path)]
        own = [one for one in keepers if one.organization_id == city.pk] or keepers
        station = _open(number, city, own[0])
        for member, (weekday, starts, ends) in zip(own, SHIFTS, strict=False):
            services.shift_add(actor=own[0], station=station, member=member, weekday=weekday, starts=starts, ends=ends)
        if number == PAUSED:
            services.station_pause(actor=own[0], station=station, reason="办公场所装修")
        if number == ENDED:
            services.station_end(actor=own[0], station=station, reason="并入市职工服务中心")
        _hold_sessions(number, city, own[0], people_of(world, city))
    for number, city in enumerate(world.cities[:ASKED]):
        load_cases(city, number * 10)
        _past(city)


def people_of(world, city):
    """Return the members with an account in ``city``, in a fixed order."""
    found = [one for one in world.members.values() if one.organization.path.startswith(city.path)]
    return sorted(found, key=lambda one: one.pk)


def _hold_sessions(number, city, actor, people):
    """Plan the sessions of a city, with people who sign up, and record those of the past months."""
    first = timezone.now().replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(days=number % 3)
    where = f"{city.region.short_name}工人文化宫二楼报告厅"
    for title, kind, speaker, places, days in SESSIONS:
        starts = first + timedelta(days=days)
        session = law_sessions.session_create(
            actor=actor,
            organization=city,
            title=title,
            kind=kind,
            speaker=speaker,
            summary="面向全体女职工，免费参加；可以当场提问，也可以把问题写在纸条上。",
            place=where if kind != SessionKind.ONLINE else "线上课堂，开课前一天短信通知进入方式",
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            places_total=places,
        )
        law_sessions.session_open(actor=actor, session=session)
        for person in people[:4]:
            law_sessions.session_join(actor=person, session=session)
    past = LawSession.objects.bulk_create(
        LawSession(
            organization=city,
            title=f"女职工普法讲座第{month + 1}讲",
            summary="讲解女职工劳动保护特别规定。",
            place=where,
            starts_at=first - timedelta(days=30 * (PAST_SESSIONS - month)),
            ends_at=first - timedelta(days=30 * (PAST_SESSIONS - month)) + timedelta(hours=2),
            places_total=80,
            state=LawSessionState.HELD,
            visits=40 + (number * 7 + month * 11) % 40,
        )
        for month in range(PAST_SESSIONS)
    )
    law_sessions.sessions_touch(past)


def _past(city):
    """Write what a county of the city received, accepted and closed in the six months before."""
    county = Organization.objects.filter(parent=city, kind=OrganizationKind.COUNTY).order_by("path").first() or city
    month = timezone.localdate().replace(day=1)
    rows = []
    for back in range(1, PAST_MONTHS + 1):
        day = month - timedelta(days=30 * back - 10)
        for place, kind in ((county, LedgerKind.ASKED), (city, LedgerKind.ASKED), (county, LedgerKind.ACCEPTED)):
            rows.append(CaseLedgerEntry(organization=place, kind=kind, on=day, category=CaseCategory.WAGES))
        closed = {"kind": LedgerKind.CLOSED, "outcome": Outcome.MEDIATED, "category": CaseCategory.WAGES}
        rows.append(CaseLedgerEntry(organization=county, on=day + timedelta(days=5), **closed))
    CaseLedgerEntry.objects.bulk_create(rows)
    ledger_release()


def _staff(case):
    """Return a handler and a second person of a case."""
    handler = who_may_handle(case, Capability.EDIT)[0]
    for place in (case.organization, *_above(case.organization)):
        for second in who_may_handle(case, Capability.APPROVE, at=place):
            if second.pk != handler.pk and second.may_second({handler.pk}):
                return handler, second
    return handler, None


def _above(organization):
    while organization.parent is not None:
        organization = organization.parent
        yield organization


def _ask(region, number, **fields):
    category, period, story, wish = REQUESTS[number % len(REQUESTS)]
    fields = {
        "naming": Naming.HIDDEN,
        "name": f"示例求助人{number + 1}",
        "phone": f"120000090{number:02d}",
        "employer": "示例制造有限公司",
        "known_on": timezone.localdate() - timedelta(days=40),
        **fields,
    }
    case, _code = cases.case_submit(region=region, category=category, period=period, story=story, wish=wish, **fields)
    return case


def load_cases(city, first):
    """Submit requests in a county of ``city`` and take them to different ends."""
    region = Region.objects.filter(parent=city.region, level=3, statistical=False).order_by("code").first()
    today = timezone.localdate()
    _ask(region, first, naming=Naming.ANONYMOUS, name="", phone="")
    handled = _ask(region, first + 1)
    handler, second = _staff(handled)
    handled = cases.case_accept(actor=handler, case=handled)
    steps.step_add(actor=handler, case=handled, kind=StepKind.NEGOTIATE, on=today, note="已与单位人事部门约谈一次。")
    # In the second city the mediation has taken longer than the law allows.
    steps.step_add(actor=handler, case=handled, kind=StepKind.MEDIATE, on=today - timedelta(days=20 if first else 0))
    applicants.case_write(actor=handler, case=handled, text="您好，请补充劳动合同和最近三个月的工资条。")
    applicants.case_write_by_applicant(case=handled, text="好的，我明天拍照上传。")
    declined = _ask(region, first + 2)
    cases.case_decline(actor=handler, case=declined, reason="此事属于劳动监察职责，请拨打12333反映；我们也可以陪同。")
    for number, kind in enumerate(LATER, start=first + 5):
        case = cases.case_accept(actor=handler, case=_ask(region, number))
        steps.step_add(actor=handler, case=case, kind=kind, on=today)
    for number, outcome in ((first + 3, Outcome.NEGOTIATED), (first + 4, Outcome.ADVISED)):
        case = cases.case_accept(actor=handler, case=_ask(region, number))
        steps.step_add(actor=handler, case=case, kind=StepKind.CONSULT, on=today)
        case = closing.case_propose(
            actor=handler,
            case=case,
            outcome=outcome,
            result="单位已补发差额，如未到账请在这里要求重新办理。",
        )
        if second is not None and outcome == Outcome.NEGOTIATED:
            case = closing.case_close(actor=second, case=case)
            applicants.case_answer(case=case, solved=Solved.YES, answer="已经收到，谢谢。")


def _open(number, city, actor):
    kind, host = HOSTS[number % len(HOSTS)]
    place = city.region.short_name
    return services.station_create(
        actor=actor,
        organization=city,
        name=f"{place}女职工维权工作站",
        host_kind=kind,
        host=f"{place}{host}",
        region=city.region,
        address=f"示例路{number + 1}号一楼",
        hours="工作日9:00至11:30、13:30至17:00",
        notes="可先打12351咨询；来访请带身份证和劳动合同。",
    )
