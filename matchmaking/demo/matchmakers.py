"""The demo's volunteer matchmakers: pledged and trained, with cases and introductions in every state."""

from datetime import timedelta
from itertools import cycle

from django.utils import timezone

from matchmaking.choices.cases import CaseBlock, ContactKind
from matchmaking.choices.introductions import Answer, Impression, IntroductionState
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import Introduction, MatchCase, SingleProfile, Volunteer
from matchmaking.selectors.introductions import introduction_suggestions
from matchmaking.services.cases import case_contact_set, case_update, cases_assign, contact_add
from matchmaking.services.introductions import (
    feedback_add,
    introduction_answer,
    introduction_contact_set,
    introduction_end,
    introduction_meeting_set,
    introduction_propose,
    introductions_keep_time,
)
from matchmaking.services.volunteers import (
    volunteer_activate,
    volunteer_create,
    volunteer_pledge,
    volunteer_rest,
    volunteer_train,
)
from portal.core.choices import Sex
from portal.organizations.models import Region

MORE = 12
PROFILES = 40
CARED_FOR = 120
NICKNAMES = ("松花江畔", "早起的麦子", "冰城小满", "书签", "慢跑者", "向日葵", "一杯热茶", "山野有风")
ABOUT = (
    "周末常去爬山，也喜欢做饭。",
    "喜欢看书和老电影，性格安静。",
    "爱打羽毛球，朋友说我很会照顾人。",
    "下班后学吉他，想找个一起逛早市的人。",
)
STEPS = ("打电话问问近况", "约她来活动室聊聊", "介绍两位合适的人", "提醒更新资料", "问问上次见面的感受")
NOTES = ("聊得很好，希望对方也爱运动。", "最近加班多，下周再约。", "愿意先见一面看看。", "说清楚了想在本市生活。")
SPEAKS = ("都喜欢户外，性格互补", "住得近，作息也合适", "都爱看书，聊得来", "都重视家庭")


def matchmakers_demo(stage, singles, volunteers):
    """Take on ``volunteers`` and twelve more at the organisation of ``stage``, with some weeks of work."""
    found = SingleProfile.objects.filter(state=ProfileState.ACTIVE)
    more = [row for row in singles[-3 * MORE :] if not found.filter(member=row).exists()][:MORE]
    helpers = [_volunteer(stage, member, number) for number, member in enumerate([*volunteers, *more])]
    if not SingleProfile.objects.filter(state=ProfileState.ACTIVE).exists():
        _profiles(stage, [row for row in singles if row not in more])
    cases_assign(organization=stage.organization, actor=stage.proposer)
    cases = list(MatchCase.objects.select_related("profile__member", "volunteer__member").order_by("pk")[:CARED_FOR])
    _care(cases)
    _introductions(cases)
    for row in [row for row in helpers if row.state == VolunteerState.ACTIVE][-2:]:
        volunteer_rest(volunteer=row, actor=stage.proposer)
    cases_assign(organization=stage.organization, actor=stage.proposer)


def _volunteer(stage, member, number):
    row = volunteer_create(actor=stage.proposer, organization=stage.organization, member=member, most=25)
    if number % 15 == 14:
        return row
    row = volunteer_pledge(volunteer=row, actor=member)
    trained_on = timezone.localdate() - timedelta(days=40 + number % 7)
    row = volunteer_train(volunteer=row, actor=stage.proposer, trained_on=trained_on, most=25)
    row = volunteer_activate(volunteer=row, actor=stage.approver)
    Volunteer.objects.filter(pk=row.pk).update(valid_from=trained_on)
    return row


def _profiles(stage, people):
    """Create plain profiles if the demo has no active profile yet."""
    now = timezone.now()
    regions = list(Region.objects.filter(code__startswith="2301", level=3).order_by("code")[:4]) or [None]
    places = cycle(regions)
    men = [row for row in people if row.sex == Sex.MALE][: PROFILES // 2]
    women = [row for row in people if row.sex == Sex.FEMALE][: PROFILES // 2]
    SingleProfile.objects.bulk_create(
        SingleProfile(
            member=member,
            state=ProfileState.ACTIVE,
            nickname=f"{NICKNAMES[number % len(NICKNAMES)]}{number + 1}",
            about=ABOUT[number % len(ABOUT)],
            height_cm=(174 if member.sex == Sex.MALE else 163) + number % 6,
            education=2 + number % 3,
            region=next(places),
            declared_at=now - timedelta(days=60),
            declaration_version=1,
            vetting_organization=member.organization,
            submitted_at=now - timedelta(days=60),
            vetted_by=stage.approver,
            vetted_at=now - timedelta(days=58),
            verified_until=timezone.localdate() + timedelta(days=300),
            edited_at=now - timedelta(days=number % 40),
        )
        for number, member in enumerate([*men, *women])
    )


def _care(cases):
    """Add next steps, logs and consents to be called; some cases have had no contact for too long."""
    today, now = timezone.localdate(), timezone.now()
    blocks = cycle((CaseBlock.NONE, CaseBlock.NONE, CaseBlock.WAITING_FOR_HER, CaseBlock.NO_MATCH))
    for number, case in enumerate(cases):
        MatchCase.objects.filter(pk=case.pk).update(opened_on=today - timedelta(days=30))
        helper = case.volunteer.member
        case_update(
            case=case,
            actor=helper,
            version=case.version,
            next_action=STEPS[number % len(STEPS)],
            next_due=today + timedelta(days=number % 12 - 2),
            block=next(blocks),
        )
        contact_add(
            case=case,
            actor=helper,
            kind=list(ContactKind)[number % len(ContactKind)],
            words=NOTES[number % len(NOTES)],
            at=now - timedelta(days=number % 11, hours=1),
        )
        if number % 2:
            case_contact_set(member=case.profile.member, agree=True)


def _introductions(cases):
    """Propose introductions until every state has some."""
    goals, made, used = cycle(IntroductionState), 0, set()
    for case in cases:
        if made == 18:
            return
        if case.profile_id in used:
            continue
        suggested = [one.profile for one in introduction_suggestions(case.profile)]
        person = next((one for one in suggested if one.pk not in used and one.member != case.volunteer.member), None)
        if person is None:
            continue
        used |= {person.pk, case.profile_id}
        row = introduction_propose(
            case=case, profile=person, actor=case.volunteer.member, words=SPEAKS[made % len(SPEAKS)]
        )
        introduction_bring(row, next(goals), made)
        made += 1


def introduction_bring(row, goal, number, told="第一次见面很自然。"):
    """Take ``row`` to the state ``goal`` with the services that pages call.

    ``told`` is the feedback after the meeting.
    """
    one, two = row.one.member, row.two.member
    if goal == IntroductionState.ASKED:
        if number % 3:
            introduction_answer(introduction=row, actor=one, answer=Answer.YES)
        return
    if goal == IntroductionState.NOT_AGREED:
        Introduction.objects.filter(pk=row.pk).update(answer_by=timezone.now())
        introductions_keep_time()
        return
    for member in (one, two):
        row = introduction_answer(introduction=row, actor=member, answer=Answer.YES)
    for member in (one, two)[: 1 + number % 2]:
        introduction_contact_set(introduction=row, actor=member, agree=True)
    hours = 80 if number % 3 == 0 else 30
    if goal == IntroductionState.AGREED and number % 3 == 0:
        return
    meets_at = timezone.now() + timedelta(days=2)
    introduction_meeting_set(introduction=row, actor=one, meets_at=meets_at)
    if goal == IntroductionState.AGREED:
        return
    Introduction.objects.filter(pk=row.pk).update(meets_at=timezone.now() - timedelta(hours=hours))
    row = Introduction.objects.for_list().get(pk=row.pk)
    first = Impression.FRIENDS if goal == IntroductionState.ENDED else Impression.GO_ON
    feedback_add(introduction=row, actor=one, impression=first, words=told)
    row = Introduction.objects.for_list().get(pk=row.pk)
    if goal == IntroductionState.TOGETHER:
        feedback_add(introduction=row, actor=two, impression=Impression.GO_ON)
    if goal == IntroductionState.ENDED:
        introduction_end(introduction=row, actor=two)
