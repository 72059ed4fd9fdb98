"""What followed the demo's large event: follow-ups, couples, weddings, publicity, hotline tickets.

There are two group weddings.
"""

from datetime import timedelta
from itertools import cycle

from django.db.models import F
from django.utils import timezone

from matchmaking.choices.follow_ups import FollowUpKind, FollowUpResult, FollowUpState
from matchmaking.choices.hotline import TicketKind
from matchmaking.choices.pairs import PairState
from matchmaking.choices.publicity import Medium
from matchmaking.demo.stage import put_due
from matchmaking.models import FollowUp, GroupWedding, MatchEvent, Pair
from matchmaking.services.choosing import figures_touch
from matchmaking.services.couples import (
    couple_accept,
    couple_ask,
    couple_confirm,
    couple_decline,
    couple_leave,
    couple_waitlist,
)
from matchmaking.services.follow_ups import due_days, follow_up_record
from matchmaking.services.hotline import ticket_answer, ticket_assign, ticket_close, ticket_log, ticket_transfer
from matchmaking.services.pairs import pair_quiet, pair_say
from matchmaking.services.publicity import (
    nomination_answer,
    nomination_ask,
    nomination_pass_on,
    nomination_release,
    nomination_take_back,
    release_record,
)
from matchmaking.services.weddings import wedding_close, wedding_create, wedding_hold, wedding_open

# Days since the mutual choices: the first two follow-ups are due by now, the third is not.
AGO = timedelta(days=28)
TIMES = ("signup_opens_at", "signup_closes_at", "choice_opens_at", "choice_closes_at", "starts_at", "ends_at")
NOTES = ("聊得来，周末约了爬山。", "工作忙，还在联系。", "已见过一次面，印象不错。", "")
RELEASES = (
    (Medium.TELEVISION, "咱们工人：云端牵手的故事", "示例省电视台", 20),
    (Medium.RADIO, "职工之声：红娘手记", "示例广播电台", 16),
    (Medium.NEWSPAPER, "八十六对职工云端牵手", "示例工人报", 25),
    (Medium.ONLINE, "会聚良缘活动回顾", "示例工会公众号", 26),
    (Medium.ONLINE, "集体婚礼报名开始", "示例工会公众号", 6),
)
CALLS = (
    (TicketKind.EVENT, "下一场活动什么时候", "想问春天还有没有活动，怎么报名。"),
    (TicketKind.PROFILE, "资料里的单位写错了", "调动以后单位没有更新，请问找谁改。"),
    (TicketKind.MATCHMAKER, "想请红娘帮忙", "工作倒班，很难参加活动，想请红娘介绍。"),
    (TicketKind.COMPLAINT, "活动通知来得太晚", "前一天才收到地点，希望早一点。"),
    (TicketKind.FEELINGS, "第一次见面之后", "见面以后不知道怎么继续，想找人聊聊。"),
    (TicketKind.OTHER, "集体婚礼要带什么", "想问集体婚礼当天的安排。"),
)


def past_event_load(stage, event):
    """Load everything that came after ``event``, whose pairs are dated four weeks back."""
    pairs = _four_weeks_ago(event)
    _say(pairs)
    _follow_up(stage, pairs)
    _weddings(stage, [pair for pair in pairs if pair.pk % 2 == 0][:14])
    _publicity(stage, event, pairs)
    _calls(stage)


def _four_weeks_ago(event):
    figures_touch(event)
    MatchEvent.objects.filter(pk=event.pk).update(**{name: F(name) - AGO for name in TIMES})
    held_on = timezone.localdate() - AGO
    Pair.objects.filter(event=event).update(held_on=held_on)
    figures_touch(MatchEvent.objects.get(pk=event.pk))
    for kind, day in due_days(held_on).items():
        FollowUp.objects.filter(pair__event=event, kind=kind).update(due_on=day)
    people = ("event__organization", "one__member", "two__member", "one__matchmaker__member")
    return list(Pair.objects.filter(event=event).select_related(*people).order_by("pk"))


def _say(pairs):
    """Let about 7 in 100 pairs marry, some be engaged, nearly a third date and some part.

    In some pairs only one of the two has said something.
    """
    today = timezone.localdate()
    for number, pair in enumerate(pairs):
        both = [row.member for row in (pair.one, pair.two)]
        if number % 14 == 2:
            for member in both:
                pair_say(pair=pair, actor=member, says=PairState.REGISTERED, on=today - timedelta(days=5))
        elif number % 14 == 6:
            for member in both:
                pair_say(pair=pair, actor=member, says=PairState.ENGAGED)
        elif number % 3 == 1:
            for member in both:
                pair_say(pair=pair, actor=member, says=PairState.DATING)
        elif number % 17 == 5:
            pair_say(pair=pair, actor=both[0], says=PairState.ENDED)
        elif number % 17 == 8:
            pair_say(pair=pair, actor=both[1], says=PairState.DATING)


def _follow_up(stage, pairs):
    """Record nearly all of the first calls and half of the second calls; two pairs want no calls."""
    for number, pair in enumerate(pairs):
        if number in {4, 40}:
            pair_quiet(pair=pair, actor=pair.one.member)
        actor = pair.one.matchmaker.member if pair.one.matchmaker_id else stage.proposer
        for row in pair.follow_ups.filter(state=FollowUpState.DUE):
            made = (row.kind == FollowUpKind.DAYS and number % 12) or (row.kind == FollowUpKind.WEEKS and number % 2)
            if made:
                result = FollowUpResult.NOT_REACHED if number % 9 == 3 else FollowUpResult.REACHED
                words = NOTES[number % len(NOTES)]
                follow_up_record(follow_up=row, actor=actor, result=result, words=words)


def wedding_announce(stage, title, place, *, days, most):
    """Plan a group wedding in ``days`` days and open it for couples."""
    wedding = wedding_create(
        actor=stage.proposer,
        organization=stage.organization,
        title=title,
        summary="工会为新人准备场地、礼服和化妆，费用由工会承担。双方各自在自己的页面确认后才算报名。",
        on=timezone.localdate() + timedelta(days=days),
        place=place,
        couples_most=most,
        closes_at=timezone.now() + timedelta(days=days - 10),
    )
    return wedding_open(wedding=wedding, actor=stage.proposer)


def couple_begin(wedding, pair):
    """Let one of ``pair`` ask the other; return the couple and the person asked."""
    asker, other = pair.one.member, pair.two.member
    return couple_ask(wedding=wedding, actor=asker, phone=other.phone), other


def couple_apply(wedding, pair):
    """Let both people of ``pair`` apply."""
    couple, other = couple_begin(wedding, pair)
    return couple_confirm(couple=couple, actor=other)


def apart(pairs):
    """Return those of ``pairs``, in order, that have no person in common."""
    free, taken = [], set()
    for pair in pairs:
        ids = {pair.one.member_id, pair.two.member_id}
        if not ids & taken:
            free.append(pair)
            taken |= ids
    return free


def wedding_pass(stage, wedding, pairs, *, days):
    """Accept ``pairs``, move the wedding ``days`` days into the past, and mark it as held."""
    for pair in pairs:
        couple_accept(couple=couple_apply(wedding, pair), actor=stage.proposer)
    wedding = wedding_close(wedding=wedding, actor=stage.proposer)
    GroupWedding.objects.filter(pk=wedding.pk).update(
        on=timezone.localdate() - timedelta(days=days), closes_at=timezone.now() - timedelta(days=days + 7)
    )
    return wedding_hold(wedding=GroupWedding.objects.get(pk=wedding.pk), actor=stage.proposer)


def _weddings(stage, pairs):
    """Create a held wedding, and an open one with couples in all states; no person is in two couples."""
    free = apart(pairs)
    actor = stage.proposer
    past = wedding_announce(stage, "秋日集体婚礼", "太阳岛示例草坪", days=12, most=10)
    wedding_pass(stage, past, free[:2], days=3)
    spring = wedding_announce(stage, "春天里·集体婚礼", "工人文化宫示例大厅", days=60, most=3)
    couples = [couple_apply(spring, pair) for pair in free[2:9]]
    for couple in couples[:3]:
        couple_accept(couple=couple, actor=actor)
    couple_waitlist(couple=couples[3], actor=actor)
    couple_decline(couple=couples[4], actor=actor, reason="本次婚礼面向本市职工，请关注所在地工会的安排。")
    couple_leave(couple=couples[5], actor=couples[5].asker)
    for pair in free[9:10]:
        couple_begin(spring, pair)


def _publicity(stage, event, pairs):
    """Create nominations in every state, and publications."""
    answers = (None, False, True, True, True, True)
    for number, (pair, agree) in enumerate(zip(pairs[20:], answers, strict=False)):
        member = pair.one.member
        row = nomination_ask(
            actor=stage.proposer,
            organization=stage.organization,
            phone=member.phone,
            medium=Medium.TELEVISION if number % 2 else Medium.RADIO,
            programme="咱们工人" if number % 2 else "职工之声",
            purpose="讲述在活动中相识的故事，不露脸，不提单位。",
        )
        if agree is None:
            continue
        row = nomination_answer(nomination=row, actor=member, agree=agree)
        if number > 2:
            row = nomination_pass_on(nomination=row, actor=stage.proposer)
        if number == 4:
            nomination_release(nomination=row, actor=stage.proposer)
        if number == 5:
            nomination_take_back(nomination=row, actor=member)
    for medium, title, outlet, ago in RELEASES:
        release_record(
            actor=stage.proposer,
            organization=stage.organization,
            event=event,
            medium=medium,
            title=title,
            outlet=outlet,
            published_on=timezone.localdate() - timedelta(days=ago),
        )


def _calls(stage):
    """Create twenty hotline tickets: some overdue, some due soon, answered or closed, one transferred."""
    today = timezone.localdate()
    for number, (kind, subject, words) in zip(range(20), cycle(CALLS), strict=False):
        ticket = ticket_log(
            actor=stage.proposer,
            organization=stage.organization,
            kind=kind,
            subject=subject,
            words=words,
            caller="示例来电人" if number % 3 == 0 else "",
            caller_phone=f"1200990{number:04d}" if number % 3 == 0 else "",
        )
        if number % 4 == 0:
            ticket_assign(ticket=ticket, actor=stage.proposer, handler=stage.proposer)
        if number in {2, 9}:
            put_due(ticket, today - timedelta(days=2))
        elif number in {3, 10}:
            put_due(ticket, today + timedelta(days=1))
        elif number == 7:
            province = stage.organization.parent
            ticket_transfer(ticket=ticket, actor=stage.proposer, organization=province, reason="请省总统一答复。")
        elif number % 2 == 0:
            ticket = ticket_answer(ticket=ticket, actor=stage.proposer, answer="已电话答复，并发了报名链接。")
            if number % 4 == 0:
                ticket_close(ticket=ticket, actor=stage.proposer)
