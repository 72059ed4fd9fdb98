"""Demo events of the journey's city and of one of its counties, in every state.

They are created with the services that pages call.
"""

from matchmaking.choices.events import EventMode
from matchmaking.demo.stage import mixed, windows_ahead, windows_in_choice, windows_now
from matchmaking.models import Pair
from matchmaking.services.events import event_cancel, event_close, event_close_sign_up, event_return
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.services.pairs import pair_set
from matchmaking.services.participations import event_leave


def held_event(stage, people, matchmakers):
    """Run the online event of all singles until its reveal; return it."""
    event = stage.plan(
        "会聚良缘·云端牵手",
        "云端相识，两周时间慢慢了解。每位参加者有一位红娘陪伴；互相选择才会牵手，其余选择永远没有人知道。",
        times=windows_now(),
        places=(300, 300),
    )
    event = stage.publish(event)
    stage.join(event, mixed(stage.rng, people.singles))
    matchmakers_set(event=event, members=matchmakers, actor=stage.proposer)
    event = stage.open_choice(event)
    shown = {people.men[1].person.phone, people.women[1].person.phone}
    mutual = stage.choose(event, people.men, people.women, pairs=86, several=14, unpaired=shown)
    event = stage.reveal(event)
    agree(stage, event, first=mutual[0])
    return event


def agree(stage, event, *, first):
    """Let some pairs agree to exchange contacts; in others only one of the two agrees.

    Both people of the pair ``first`` tell their matchmaker too.
    """
    ids = {stage.members[phone].pk for phone in first}
    pairs = Pair.objects.filter(event=event).select_related("event", "one__member", "two__member").order_by("pk")
    for number, pair in enumerate(pairs):
        one, two = pair.one.member, pair.two.member
        told = {one.pk, two.pk} == ids
        if told or number % 3 == 0:
            pair_set(pair=pair, actor=one, contact=True, matchmaker=told or number % 2 == 0)
            pair_set(pair=pair, actor=two, contact=True, matchmaker=told)
        elif number % 3 == 1:
            pair_set(pair=pair, actor=one, contact=True, matchmaker=False)


def open_event(stage, people):
    """Create an event open for sign-up, with a full women's list and women waiting.

    One place is offered to the next in line.
    """
    event = stage.plan(
        "冰雪之恋·亚布力周末",
        "一天滑雪，一晚围炉夜话。车辆、雪具和教练由工会准备，零基础也可以参加。",
        times=windows_ahead(opens=-3, closes=10, choice=14),
        places=(12, 12),
        mode=EventMode.OFFLINE,
        place="亚布力示例滑雪场",
    )
    event = stage.publish(event)
    places = stage.join(event, [*people.women[40:57], *people.men[40:49]])
    leaves = people.women[43].person.phone
    event_leave(participation=places[leaves], actor=stage.members[leaves])
    return event


def choice_event(stage, people, matchmakers):
    """Create an event in its choice round with forty people.

    The two people shown in the demo have not chosen yet.
    """
    event = stage.plan(
        "书香相约·读书会",
        "带一本喜欢的书来聊聊。读书会之后有一周时间，从容地想一想想再见到谁。",
        times=windows_in_choice(),
        places=(20, 20),
        mode=EventMode.OFFLINE,
        place="工人文化宫三楼书吧",
    )
    event = stage.publish(event)
    men, women = people.men[1:21], people.women[1:21]
    stage.join(event, mixed(stage.rng, men, women))
    matchmakers_set(event=event, members=matchmakers[:4], actor=stage.proposer)
    event = stage.open_choice(event)
    silent = {men[0].person.phone, women[0].person.phone}
    stage.choose(event, men, women, pairs=5, silent=silent)
    return event


def planned_events(stage, people):
    """Create events with no choice round: draft, submitted, returned, approved, closed and cancelled."""
    draft = stage.plan(
        "星空下午茶",
        "太阳岛露营地，咖啡、手作和星空电影。",
        times=windows_ahead(opens=20, closes=30, choice=34),
        places=(30, 30),
        mode=EventMode.OFFLINE,
        place="太阳岛示例露营地",
    )
    waiting = stage.submit(
        stage.plan(
            "医护专场·春天来信",
            "为轮班的医护职工安排：晚间线上，三十分钟一轮。",
            times=windows_ahead(opens=2, closes=15, choice=18),
            places=(60, 60),
        )
    )
    returned = event_return(
        event=stage.submit(
            stage.plan(
                "假面舞会",
                "戴上面具，先聊天再见面。",
                times=windows_ahead(opens=5, closes=18, choice=20),
                places=(50, 50),
                mode=EventMode.OFFLINE,
                place="工人文化宫一楼大厅",
            )
        ),
        actor=stage.approver,
        reason="场地还没有确认，请附上文化宫的回复后再报。",
    )
    approved = stage.approve(
        stage.plan(
            "新就业形态专场·骑手与主播",
            "为快递员、网约车司机和主播安排的线上见面。",
            times=windows_ahead(opens=4, closes=16, choice=19),
            places=(40, 40),
        )
    )
    closed = stage.publish(
        stage.plan(
            "徒步香炉山",
            "八公里山路，六人一组，领队和急救员同行。",
            times=windows_ahead(opens=-9, closes=2, choice=5),
            places=(15, 15),
            mode=EventMode.OFFLINE,
            place="香炉山示例集合点",
        )
    )
    stage.join(closed, [*people.women[60:74], *people.men[60:73]])
    closed = event_close_sign_up(event=closed, actor=stage.proposer)
    cancelled = stage.publish(
        stage.plan(
            "烘焙手作日",
            "一起做一只蛋糕。",
            times=windows_ahead(opens=-4, closes=6, choice=8),
            places=(10, 10),
            mode=EventMode.OFFLINE,
            place="示例烘焙教室",
        )
    )
    stage.join(cancelled, [*people.women[80:84], *people.men[80:83]])
    cancelled = event_cancel(event=cancelled, actor=stage.proposer, reason="教室临时停电检修，改期另行通知。")
    return [draft, waiting, returned, approved, closed, cancelled]


def county_event(stage, people):
    """Create a small event of a county, held and closed."""
    county = stage.organization.region_id
    men, women = ([one for one in side[2:] if one.unit.county == county][:12] for side in (people.men, people.women))
    event = stage.plan(
        "道里·早市散步",
        "周末一早逛早市、吃早餐，午前散场。",
        times=windows_now(),
        places=(len(men), len(women)),
        mode=EventMode.OFFLINE,
        place="道里示例早市东门",
    )
    event = stage.publish(event)
    stage.join(event, mixed(stage.rng, men, women))
    event = stage.open_choice(event)
    stage.choose(event, men, women, pairs=3)
    event = stage.reveal(event)
    return event_close(event=event, actor=stage.proposer)
