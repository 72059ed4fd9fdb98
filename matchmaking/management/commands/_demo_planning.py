"""What surrounds the demo's events, and a year of small events over all cities."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

from deploy.demo_data.cast import HARBIN, QIQIHAR, SEED
from deploy.demo_data.people import FEMALE, MALE, People
from deploy.demo_data.words import line
from matchmaking import consents, services
from matchmaking.choices import CostKind, DemandState, EventMode, EventState, PartnerKind, VenueKind
from matchmaking.management.commands._demo_events import windows_ahead
from matchmaking.models import EventCost, EventDemand, EventPartner, EventTheme, MatchEvent, Pair, Participation
from portal.core.choices import Sex
from portal.core.fields import reserve_pks
from portal.members.choices import MaritalStatus
from portal.members.models import Consent, Member
from portal.members.services.people import members_build
from portal.organizations.models import Organization
from portal.signups.choices import SignUpState

HEIHE, DAQING = "231100", "230600"
EVENTS = 60
# Name, mode, the text to start from.
THEMES = (
    ("读书会", "offline", "带一本喜欢的书来聊聊，从一段文字开始认识一个人。"),
    ("假面舞会", "offline", "戴上面具，先聊天再见面。"),
    ("星空下午茶", "offline", "咖啡、手作和一部星空电影。"),
    ("边守·边爱", "offline", "为戍边青年安排的见面会，名额定向邀请。"),
    ("军警专场", "offline", "定向邀请，不拍照、不公开。"),
    ("医护专场", "online", "为轮班的医护职工安排：晚间线上，三十分钟一轮。"),
    ("教师专场", "offline", "寒暑假里的一个下午，和同行的朋友见面。"),
    ("产业工人专场", "offline", "走进车间，也走进彼此的生活。"),
    ("新就业形态专场", "online", "为快递员、网约车司机和主播安排的线上见面。"),
    ("冰雪之恋", "offline", "一天滑雪，一晚围炉夜话，零基础也可以参加。"),
    ("剧本游戏", "offline", "六人一桌，一个故事，一个下午。"),
    ("烘焙手作", "offline", "一起做一只蛋糕。"),
    ("徒步露营", "offline", "六人一组，领队和急救员同行。"),
    ("运动会", "offline", "趣味项目，男女搭档。"),
    ("观影", "offline", "看一部电影，聊一个晚上。"),
    ("七夕", "offline", "在七夕的晚上认识新朋友。"),
    ("三分钟约会", "offline", "每轮三分钟，见到每一个人。"),
)
SERIES = (
    ("230000", "会聚良缘·爱在龙江", "全省工会联动的职工婚恋服务品牌。"),
    (HARBIN, "冰雪之恋", "冬天在雪场和冰雪大世界举办的系列。"),
    (DAQING, "边守·边爱", "与驻地部队、电视台共同举办。"),
    (QIQIHAR, "鹤城有约", "齐齐哈尔职工交友系列。"),
)
HOUSES = (
    (VenueKind.CULTURE_PALACE, "工人文化宫", 300),
    (VenueKind.SERVICE_CENTRE, "职工服务中心", 120),
    (VenueKind.BOOK_HOUSE, "职工书屋", 40),
    (VenueKind.RED_SITE, "红色教育基地", 150),
    (VenueKind.HERITAGE, "非遗传承馆", 60),
    (VenueKind.PARK, "森林公园", 400),
    (VenueKind.SNOW, "冰雪园区", 500),
    (VenueKind.LIBRARY, "市图书馆报告厅", 200),
    (VenueKind.CAFE, "咖啡书吧", 36),
    (VenueKind.COMPANY_HALL, "企业礼堂", 260),
    (VenueKind.UNIVERSITY_HALL, "大学礼堂", 320),
    (VenueKind.FARM, "采摘农庄", 80),
)
PARTNERS = (
    (PartnerKind.YOUTH_LEAGUE, "示例团省委"),
    (PartnerKind.PROVINCIAL_ORGANS, "示例省直机关工委"),
    (PartnerKind.MEDIA, "示例电视台"),
    (PartnerKind.EMPLOYER, "示例咖啡公司"),
)
WISHES = ("周末读书会", "冬天一起滑雪", "下班后的三分钟约会", "徒步加露营", "看电影聊电影", "烘焙手作")


class Ground:
    """The demo as it stands when planning begins: organisations by code, units by name, staff by login name."""

    def __init__(self, people, by_code, units, staff, members):
        self.people, self.by_code, self.units, self.staff, self.members = people, by_code, units, staff, members
        self.rng = random.Random(SEED + 20)  # noqa: S311 - events of invented people
        self.cities = {code: row for code, row in by_code.items() if code.endswith("00") and not code.endswith("0000")}
        self.cadre, self.chair = staff["sheng-ganbu"], staff["sheng-zhuxi"]

    def units_of(self, city):
        """Return the units below the city with this code."""
        return [self.units[plan.name] for plan in self.people.other_units if plan.county.startswith(city[:4])]


def library(ground):
    """Lay down themes, series and thirty venues; return them by name, by city's code, and by city's code."""
    for order, (name, mode, summary) in enumerate(THEMES, start=1):
        services.theme_create(actor=ground.cadre, name=name, mode=mode, summary=summary, order=order * 10)
    series = {
        code: services.series_create(actor=ground.cadre, organization=ground.by_code[code], name=name, summary=summary)
        for code, name, summary in SERIES
    }
    rows = []
    for number in range(30):
        code = sorted(ground.cities)[number % len(ground.cities)]
        kind, name, capacity = HOUSES[(number * 5) % len(HOUSES)]
        city = ground.cities[code]
        rows.append(
            {
                "organization": city,
                "name": f"示例{city.short_name}{name}",
                "kind": kind,
                "region": city.region,
                "address": f"{city.region.name}示例路{number + 1}号",
                "capacity": capacity,
            }
        )
    venues = {}
    for venue in services.venues_bulk_create(rows=rows):
        venues.setdefault(venue.region_id, []).append(venue)
    return series, venues


def singles_elsewhere(ground):
    """Write singles of the units in the other cities down, as their rosters would; return them by city's code."""
    drawn = People(random.Random(SEED + 21))  # noqa: S311
    rows, places = [], []
    for code in sorted(ground.cities):
        if code == HARBIN:
            continue
        for number in range(32):
            units = ground.units_of(code)
            sex = MALE if number % 2 else FEMALE
            person = drawn.draw(sex=sex, phone=f"1205{len(rows):07d}")
            rows.append(
                {
                    "organization": units[number // 2 % len(units)],
                    "name": person.name,
                    "sex": sex,
                    "birth_date": person.born,
                    "phone": person.phone,
                    "marital_status": MaritalStatus.SINGLE,
                }
            )
            places.append(code)
    found = {}
    for code, member in zip(places, Member.objects.bulk_create(members_build(rows=rows), batch_size=500), strict=True):
        found.setdefault(code, []).append(member)
    of_harbin = {single.person.phone for single in ground.people.singles[100:400]}
    found[HARBIN] = [member for phone, member in ground.members.items() if phone in of_harbin]
    return found


def past_year(ground, series, venues):
    """Write sixty small events of the past year as rows of the shape the services write: held, paired, reported."""
    themes = list(EventTheme.objects.exclude(name__in=["边守·边爱", "军警专场"]))
    folk = singles_elsewhere(ground)
    codes = [HARBIN, *sorted(ground.cities), HARBIN]
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    events = [
        _past_event(ground, codes[number % len(codes)], themes, series, venues, now - timedelta(days=8 + number * 6))
        for number in range(EVENTS)
    ]
    MatchEvent.objects.bulk_create(event for _code, event in events)
    rows, pairs, agreed = [], [], []
    for code, event in events:
        seats = _seats(ground, event, folk[code])
        rows += seats
        agreed += [_consent(row) for row in seats]
        men = [row for row in seats if row.pool == "men"]
        women = [row for row in seats if row.pool == "women"]
        for him, her in list(zip(men, women, strict=False))[: round(len(seats) * ground.rng.uniform(0.04, 0.15))]:
            low, high = sorted((him, her), key=lambda row: row.pk)
            pairs.append(Pair(event=event, one=low, two=high, held_on=timezone.localdate(event.choice_closes_at)))
    Participation.objects.bulk_create(rows, batch_size=500)
    Pair.objects.bulk_create(pairs, batch_size=500)
    Consent.objects.bulk_create(agreed, batch_size=500)
    _money(ground, [event for _code, event in events])
    _partners(ground, [event for _code, event in events])
    for _code, event in events:
        services.figures_touch(event)
    return [event for _code, event in events]


def _past_event(ground, code, themes, series, venues, day):
    theme = ground.rng.choice(themes)
    begins = day.replace(hour=ground.rng.choice((9, 14, 19)))
    places = ground.rng.randrange(8, 15)
    city = ground.cities[code]
    offline = theme.mode == EventMode.OFFLINE
    event = MatchEvent(
        organization=city,
        title=f"{city.short_name}·{theme.name}",
        summary=theme.summary,
        mode=theme.mode,
        series=series.get(code, series["230000"]),
        theme=theme,
        venue=ground.rng.choice(venues[code]) if offline else None,
        starts_at=begins,
        ends_at=begins + timedelta(hours=3),
        signup_opens_at=begins - timedelta(days=20),
        signup_closes_at=begins - timedelta(days=3),
        choice_opens_at=begins + timedelta(hours=4),
        choice_closes_at=begins + timedelta(days=2),
        men_quota=places,
        women_quota=places,
        state=EventState.REPORTED if ground.rng.random() < 0.7 else EventState.CLOSED,
        created_by=ground.cadre,
        submitted_by=ground.cadre,
        submitted_at=begins - timedelta(days=25),
        approved_by=ground.chair,
    )
    return code, event


def _seats(ground, event, people):
    """Return the participants of an event: as many men as women, up to its places."""
    found, place = [], 0
    for sex, pool in ((Sex.MALE, "men"), (Sex.FEMALE, "women")):
        side = [member for member in people if member.sex == sex]
        for member in ground.rng.sample(side, min(event.men_quota - ground.rng.randrange(3), len(side))):
            place += 1
            found.append(
                Participation(
                    offering=event,
                    member=member,
                    unit_id=member.organization_id,
                    pool=pool,
                    place=place,
                    age=event.starts_at.year - (member.birth_year or 1996),
                    line=line(ground.rng),
                    state=SignUpState.CONFIRMED,
                    checked_in_at=event.starts_at if ground.rng.random() < 0.85 else None,
                )
            )
    for row, pk in zip(found, reserve_pks(Participation, len(found)), strict=True):
        row.pk = pk
    return found


def _consent(row):
    return Consent(
        member=row.member,
        purpose=consents.EVENT.code,
        version=consents.EVENT.version,
        about_id=row.offering_id,
        language=get_language() or "",
        text_digest=consents.EVENT.digest,
        channel="web",
    )


def _money(ground, events):
    """Costs of the past events, and budgets of province, cities and some counties for two years."""
    costs = []
    for event in events:
        for kind in ground.rng.sample(CostKind.values, 3):
            planned = Decimal(ground.rng.randrange(4, 40) * 100)
            spent = (planned * Decimal(ground.rng.randrange(80, 112)) / 100).quantize(Decimal("0.01"))
            costs.append(EventCost(event=event, kind=kind, planned=planned, spent=spent))
    EventCost.objects.bulk_create(costs, batch_size=500)
    this_year = timezone.localdate().year
    counties = [row for code, row in sorted(ground.by_code.items()) if code.startswith("2301") and code != HARBIN][:3]
    for year in (this_year - 1, this_year):
        for place, planned in (
            (ground.by_code["230000"], 600_000),
            *((city, 90_000) for city in ground.cities.values()),
            *((county, 12_000) for county in counties),
        ):
            services.budget_create(
                actor=ground.cadre, organization=place, year=year, planned=Decimal(planned + (year - this_year) * 1000)
            )


def _partners(ground, events):
    rows = []
    for number, event in enumerate(events):
        kind, name = PARTNERS[number % len(PARTNERS)]
        rows.append(EventPartner(event=event, kind=kind, name=name))
        if number % 6 == 0:
            union = ground.cities[QIQIHAR if event.organization_id != ground.cities[QIQIHAR].pk else HARBIN]
            rows.append(
                EventPartner(
                    event=event,
                    kind=PartnerKind.UNION,
                    name=union.name,
                    organization=union,
                    contribution="组织职工参加",
                )
            )
    EventPartner.objects.bulk_create(rows)


def restricted_event(ground, series, venues):
    """A meeting for border guards, by invitation: one unit and some people are on its list, some have signed up."""
    city = ground.cities[HEIHE]
    event = services.event_create(
        actor=ground.cadre,
        organization=city,
        title="边守·边爱·初冬相约",
        summary="为戍边青年安排的见面会。定向邀请，不拍照，请勿转发。",
        mode=EventMode.OFFLINE,
        series=series["230000"],
        theme=EventTheme.objects.get(name="边守·边爱"),
        venue=venues[HEIHE][0],
        target_group="border_guards",
        restricted=True,
        men_quota=15,
        women_quota=15,
        balance_tolerance=3,
        **windows_ahead(opens=-2, closes=12, choice=15),
    )
    event = services.event_submit(event=event, actor=ground.cadre)
    event = services.event_approve(event=event, actor=ground.chair)
    folk = list(Member.objects.filter(organization__path__startswith=city.path).select_related("organization"))
    services.invitation_add(actor=ground.cadre, event=event, unit=folk[0].organization)
    for member in folk[10:24]:
        services.invitation_add(actor=ground.cadre, event=event, member=member)
    event = services.event_publish(event=event, actor=ground.cadre)
    for member in folk[10:20]:
        services.event_join(event=event, member=member, actor=member, line=line(ground.rng))
    return event


def under_way(ground, stage):
    """Two events on the way: one whose list is judged and settled, one whose doors are open."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    found = []
    for title, women, men, begins in (
        ("教师专场·冬日恳谈", slice(100, 108), slice(100, 107), now + timedelta(days=3)),
        ("剧本游戏·一桌六人", slice(110, 116), slice(110, 116), now + timedelta(hours=1)),
    ):
        event = services.event_create(
            actor=stage.proposer,
            organization=stage.organization,
            title=title,
            summary="小规模见面，报名需经审核。",
            mode=EventMode.OFFLINE,
            needs_review=True,
            men_quota=8,
            women_quota=8,
            signup_opens_at=now - timedelta(days=9),
            signup_closes_at=now + timedelta(minutes=30),
            starts_at=begins,
            ends_at=begins + timedelta(hours=3),
            choice_opens_at=begins + timedelta(hours=4),
            choice_closes_at=begins + timedelta(days=3),
        )
        event = stage.publish(event)
        stage.join(event, [*ground.people.women[women], *ground.people.men[men]])
        services.signups_review(participations=event.signups.all(), accept=True, actor=stage.proposer)
        event = services.event_close_sign_up(event=event, actor=stage.proposer)
        event = services.event_shortlist(event=event, actor=stage.proposer)
        found.append(event)
    services.event_begin(event=found[1], actor=stage.proposer)
    return found


def demands(ground):
    """Demands of units and singles in every state; some are answered by an event."""
    themes = list(EventTheme.objects.all()[:6])
    planned = MatchEvent.objects.filter(state=EventState.PUBLISHED, restricted=False).first()
    singles = [ground.members[single.person.phone] for single in ground.people.singles[200:224]]
    made = [
        services.demand_create(
            actor=member,
            organization=member.organization,
            for_unit=False,
            wish=WISHES[number % len(WISHES)],
            theme=themes[number % len(themes)],
        )
        for number, member in enumerate(singles)
    ]
    unit = ground.staff["jiceng-ganbu"]
    made += [
        services.demand_create(
            actor=unit,
            organization=unit.organization,
            for_unit=True,
            wish=wish,
            theme=theme,
            people=people,
        )
        for wish, theme, people in (("车间青年联谊", themes[0], 30), ("冰雪运动会", None, 45))
    ]
    attached = EventDemand.objects.filter(pk__in=[row.pk for row in made[:6]])
    services.demands_attach(actor=ground.staff["shi-ganbu"], demands=attached, event=planned)
    services.demand_decline(actor=ground.staff["shi-ganbu"], demand=made[6], answer="雪季还没到，十二月统一安排。")
    services.demand_withdraw(actor=made[7].asked_by, demand=made[7])
    if (states := set(EventDemand.objects.values_list("state", flat=True))) != set(DemandState.values):
        raise ValueError(f"demands in these states only: {sorted(states)}")
    return made


def planning_load(people, by_code, units, staff, members, stage):
    """Load everything of this module; return how many events of the past year there are."""
    fresh = Organization.objects.select_related("region").in_bulk([row.pk for row in by_code.values()])
    by_code = {code: fresh[row.pk] for code, row in by_code.items()}
    ground = Ground(people, by_code, units, staff, members)
    series, venues = library(ground)
    past = past_year(ground, series, venues)
    restricted_event(ground, series, venues)
    under_way(ground, stage)
    demands(ground)
    return len(past)
