"""Introductions: asking, the secrecy of a single answer, expiry, contact, meeting, feedback."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking import own_data
from matchmaking.choices.introductions import Answer, Impression, IntroductionState
from matchmaking.models import Block, HobbyTag, Introduction, MeetingFeedback, SingleProfile
from matchmaking.selectors.cases import guide_line, guide_lines
from matchmaking.selectors.introductions import introduction_suggestions, introduction_view
from matchmaking.services.introductions import (
    STANDS,
    feedback_add,
    introduction_answer,
    introduction_ask,
    introduction_contact_set,
    introduction_end,
    introduction_meeting_set,
    introduction_met,
    introduction_propose,
    introduction_together,
    introductions_end,
    introductions_keep_time,
)
from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Consent
from portal.messaging.models import Message, Reminder
from portal.messaging.services.reminders import reminders_plan
from portal.web import admin_site
from tests.factories.matchmaking import make_single
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_profile, make_volunteer
from tests.factories.matchmaking_singles import make_photo
from tests.factories.members import make_duty, make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
STATES = list(IntroductionState)
S = IntroductionState
WORDS = "都喜欢周末爬山"


def refused(code, service, **arguments):
    with pytest.raises(DomainError) as refusal:
        service(**arguments)
    assert refusal.value.code == code


def propose(case=None, other=None, words=WORDS):
    case = case or make_case()
    other = other or make_profile(case.volunteer.organization, Sex.MALE)
    actor = case.volunteer.member
    return introduction_propose(case=case, profile=other, actor=actor, words=words)


def answer(row, member, said=Answer.YES):
    return introduction_answer(introduction=row, actor=member, answer=said)


def fresh(client, member):
    """Sign the member in with a code that was entered just now."""
    sign_in(client, member)
    session = client.session
    session["code_at"] = timezone.now().timestamp()
    session.save()
    return client


# Asking.
def test_both_are_asked_and_nobody_has_answered():
    row = propose()
    assert (row.state, row.one_answer, row.two_answer) == (S.ASKED, Answer.OPEN, Answer.OPEN)
    assert timedelta(days=6) < row.answer_by - timezone.now() <= timedelta(days=7)
    told = Message.objects.filter(kind="matchmaking.introduction_asked").values_list("recipient", flat=True)
    assert set(told) == {row.one.member_id, row.two.member_id}


@pytest.mark.parametrize(
    ("audience", "asked", "agreed"), [("nobody", False, False), ("mutual", False, True), ("verified", True, True)]
)
def test_the_card_and_the_page_show_photos_as_their_owner_allows(client, audience, asked, agreed):
    row = propose()
    photo = make_photo(row.two)
    SingleProfile.objects.filter(pk=row.two_id).update(photo_audience=audience)
    source = reverse("matchmaking:single-photo", args=[photo.pk])
    fresh(client, row.one.member)
    assert source not in client.get(row.get_absolute_url()).content.decode()
    card = reverse("matchmaking:single-detail", args=[row.two_id])
    assert (source in client.get(card).content.decode()) == asked
    for side in (row.one, row.two):
        answer(Introduction.objects.get(), side.member)
    assert Introduction.objects.get().state == S.AGREED
    assert (source in client.get(row.get_absolute_url()).content.decode()) == agreed
    response = client.get(source)
    assert response.status_code == (200 if agreed else 404)
    response.close()


def test_a_pair_is_asked_once():
    row = propose()
    refused("gone", propose, case=row.one.cases.first() or row.two.cases.first(), other=row.two)
    assert Introduction.objects.count() == 1


def test_nobody_has_more_than_three_open_questions():
    case = make_case()
    for _number in range(3):
        propose(case)
    # An open question may come from the single: the matchmaker is not told of it, and the new question is kept back.
    row = propose(case)
    assert row in Introduction.objects.kept_from(case.profile)
    assert Introduction.objects.unanswered_by(case.profile).count() == 3


def test_words_name_nobody():
    case = make_case()
    refused("line-contact", propose, case=case, words="加微信聊")
    refused("line-name", propose, case=case, words=f"{case.profile.member.name}人很好")
    assert Introduction.objects.count() == 0


def test_a_matchmaker_introduces_neither_herself_nor_a_stranger():
    helper = make_volunteer(member=make_single(sex=Sex.MALE))
    refused("own", propose, case=make_case(helper), other=make_profile(member=helper.member))
    case = make_case()
    with pytest.raises(DomainError) as refusal:
        introduction_propose(case=case, profile=make_profile(), actor=make_member(), words=WORDS)
    assert refusal.value.code == "not-yours"


def apart(name):
    """Create two profiles that must not meet, for the reason ``name``."""
    city = make_organization()
    unit = make_unit(city)
    one, two = make_single(unit), make_single(make_unit(city), Sex.MALE)
    mine, theirs = {"member": one, "hidden_from_own_unit": False}, {"member": two, "hidden_from_own_unit": False}
    if name == "her hard age":
        mine |= {"wish_age_from": 60, "wish_age_hard": True}
    if name == "his hard height":
        theirs |= {"wish_height_from": 150, "wish_height_hard": True}
    if name == "his hard education":
        theirs |= {"wish_education": 4, "wish_education_hard": True}
        mine |= {"education": 3}
    if name == "hidden from his unit":
        mine |= {"hidden_from": [two.organization]}
    if name == "colleagues":
        theirs |= {"member": make_single(unit, Sex.MALE)}
        mine |= {"hidden_from_own_unit": True}
    if name == "a duty at her unit":
        make_duty(two, unit, Role.CADRE)
        mine |= {"hidden_from_own_unit": True}
    if name == "left":
        theirs |= {"state": "exited"}
    if name == "word over":
        theirs |= {"verified_until": timezone.localdate()}
    found = make_profile(city, **mine), make_profile(city, **theirs)
    if name == "she blocks":
        Block.objects.create(blocker=one, blocked=two, label="示例")
    if name == "he blocks":
        Block.objects.create(blocker=two, blocked=one, label="示例")
    return found


REASONS = (
    "her hard age",
    "his hard height",
    "his hard education",
    "hidden from his unit",
    "colleagues",
    "a duty at her unit",
    "left",
    "word over",
    "she blocks",
    "he blocks",
)


@pytest.mark.parametrize("reason", ["nothing", *REASONS])
def test_hard_wishes_blocks_and_hidden_units_hold_both_ways(reason):
    one, two = apart(reason)
    met = reason == "nothing"
    assert [
        SingleProfile.objects.findable_by(one).filter(pk=two.pk).exists(),
        SingleProfile.objects.findable_by(two).filter(pk=one.pk).exists(),
    ] == [
        met,
        met,
    ]
    if not met:
        refused("gone", introduction_ask, member=one.member, profile=two)


def test_suggestions_come_with_reasons_the_best_first():
    case = make_case()
    mine, city = case.profile, case.volunteer.organization
    tag = HobbyTag.objects.create(name="羽毛球")
    mine.hobbies.add(tag)
    older = make_single(make_unit(city), Sex.MALE, born=date(1970, 3, 7))
    plain = make_profile(city, member=older)
    likes = make_profile(city, Sex.MALE)
    likes.hobbies.add(tag)
    make_profile(city, Sex.FEMALE)
    known = make_profile(city, Sex.MALE)
    make_introduction(case.volunteer, mine, known)
    found = introduction_suggestions(mine)
    assert [one.profile.pk for one in found] == [likes.pk, plain.pk]
    assert any("羽毛球" in reason for reason in found[0].reasons)


# A single asks without a matchmaker.
def test_who_asks_herself_has_said_yes_and_nobody_learns_it(client):
    one, two = make_profile(), make_profile(sex=Sex.MALE)
    row = introduction_ask(member=one.member, profile=two)
    assert (row.state, row.volunteer, row.one_answer, row.two_answer) == (S.ASKED, None, Answer.YES, Answer.OPEN)
    assert list(Message.objects.values_list("recipient", "context")) == [(two.member_id, {})]
    entries = AuditEntry.objects.filter(about_model="matchmaking.introduction")
    assert [entry.actor_id for entry in entries] == [None]
    assert guide_lines(make_case(profile=one).volunteer.member) == []
    assert answer(row, two.member).state == S.AGREED


def test_without_a_profile_nobody_asks():
    refused("no-profile", introduction_ask, member=make_member(), profile=make_profile())


def test_asking_is_limited_by_the_day(settings):
    settings.MATCHMAKING_ASKS_PER_DAY = 1
    one = make_profile()
    introduction_ask(member=one.member, profile=make_profile(sex=Sex.MALE))
    with pytest.raises(DomainError):
        introduction_ask(member=one.member, profile=make_profile(sex=Sex.MALE))


# One answer alone.
def test_both_yes_is_agreed_and_all_three_hear_of_it():
    row = propose()
    answer(row, row.one.member)
    assert answer(row, row.two.member).state == S.AGREED
    told = Message.objects.filter(kind__in=["matchmaking.introduction_agreed", "matchmaking.introduction_guide"])
    everyone = {row.one.member_id, row.two.member_id, row.volunteer.member_id}
    assert set(told.values_list("recipient", flat=True)) == everyone


@pytest.mark.parametrize("state", [state for state in STATES if state != S.ASKED])
def test_only_who_is_asked_answers(state):
    row = make_introduction(make_volunteer(), state=state)
    refused("over", introduction_answer, introduction=row, actor=row.one.member, answer=Answer.YES)


def test_answers_of_others_late_ones_and_other_words_are_refused():
    row = propose()
    for person in (make_member(), row.volunteer.member):
        refused("not-yours", introduction_answer, introduction=row, actor=person, answer=Answer.YES)
    refused("no-answer", introduction_answer, introduction=row, actor=row.one.member, answer=Answer.OPEN)
    Introduction.objects.filter(pk=row.pk).update(answer_by=timezone.now())
    refused("over", introduction_answer, introduction=row, actor=row.one.member, answer=Answer.YES)


def everything_seen(client, row, people):
    """Return what each of ``people`` sees on every page about ``row``, and what is recorded elsewhere."""
    seen = {}
    for name, person in people.items():
        fresh(client, person)
        pages = ["/", "/messages/", reverse("matchmaking:caseload-list"), reverse("matchmaking:introduction-list")]
        pages += [row.get_absolute_url(), row.get_guide_url(), reverse("matchmaking:volunteer-figures")]
        pages += [
            reverse("matchmaking:volunteer-detail", args=[row.volunteer_id]),
            reverse("matchmaking:volunteer-list"),
        ]
        pages += [f"/matchmaking/caseload/{case.pk}/" for case in row.volunteer.cases.all()]
        pages += [
            "/audit/?kind=matchmaking.introduction",
            "/admin/",
            "/admin/messaging/message/",
        ]
        for page in pages:
            answered = client.get(page)
            words = scrubbed(answered.text) if answered.status_code == 200 else ""
            # The system status on the first page of the admin counts seconds and queues.
            seen[name, page] = (answered.status_code, re.sub(r"\d+", "", words) if page == "/admin/" else words)
    rows = AuditEntry.objects.filter(about_model="matchmaking.introduction").values_list("action", "actor", "fields")
    seen["audit"] = list(rows)
    seen["files"] = [own_data.helping.introduction_rows(person) for person in people.values()]
    seen["messages"] = list(Message.objects.order_by("pk").values_list("kind", "recipient", "context"))
    return seen


# Parts that differ between any two pages: tokens, times, the number of entries that wait for a seal.
PASSING = r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|<time[^>]*>[^<]*</time>|\d+ 条记录等待下次封存'


def scrubbed(words):
    return re.sub(PASSING, "", words)


@pytest.mark.parametrize("said", [Answer.YES, Answer.NO])
def test_one_answer_alone_is_seen_by_nobody(client, said, monkeypatch):
    """Whatever one of the two answers, the pages of everybody else do not change.

    The system status is left out, because it turns red with the time that a test takes.
    """
    monkeypatch.setattr(admin_site, "all_checks", list)
    city = make_organization()
    case = make_case(make_volunteer(city))
    row = propose(case)
    other_case = make_case(make_volunteer(city), row.other(case.profile.member))
    people = {
        "other": other_case.profile.member,
        "matchmaker": row.volunteer.member,
        "other's matchmaker": other_case.volunteer.member,
        "chair": make_staff(city),
        "own unit": make_staff(case.profile.member.organization),
        "province": make_staff(make_province()),
        "audit": make_staff(make_province(), Role.AUDIT_ADMINISTRATOR),
        "system": make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR),
    }
    everything_seen(client, row, people)
    before = everything_seen(client, row, people)
    answer(row, case.profile.member, said)
    after = everything_seen(client, row, people)
    assert [key for key in before if after[key] != before[key]] == []
    assert after.keys() == before.keys()


def test_she_sees_her_own_answer_and_may_change_it(client):
    row = propose()
    member = row.one.member
    fresh(client, member)
    assert client.post(row.get_absolute_url(), {"answer": "no"}).status_code == 302
    assert re.search(r'checked[^>]*value="no"|value="no"[^>]*checked', client.get(row.get_absolute_url()).text)
    client.post(row.get_absolute_url(), {"answer": "yes"})
    row.refresh_from_db()
    assert (row.one_answer, row.state) == (Answer.YES, S.ASKED)


def test_her_page_asks_for_a_second_look(client):
    row = propose()
    sign_in(client, row.one.member)
    assert "fresh" in client.get(row.get_absolute_url()).url


# Time.
@pytest.mark.parametrize("answers", [(Answer.OPEN, Answer.OPEN), (Answer.YES, Answer.OPEN), (Answer.NO, Answer.YES)])
def test_time_ends_it_kindly_and_keeps_no_answer(answers):
    row = propose()
    Introduction.objects.filter(pk=row.pk).update(
        answer_by=timezone.now(), one_answer=answers[0], two_answer=answers[1]
    )
    Message.objects.all().delete()
    assert (introductions_keep_time(), introductions_keep_time()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.one_answer, row.two_answer) == (S.NOT_AGREED, Answer.OPEN, Answer.OPEN)
    told = Message.objects.values_list("recipient", "kind", "context")
    kind = "matchmaking.introduction_not_agreed"
    assert set(told.values_list("recipient", flat=True)) == {row.one.member_id, row.two.member_id}
    assert {(found, str(context)) for _who, found, context in told} == {(kind, "{}")}
    assert AuditEntry.objects.filter(action="matchmaking.introduction.not_agreed", actor=None).count() == 1


def test_before_its_time_nothing_ends():
    propose()
    assert introductions_keep_time() == 0


def test_leaving_ends_what_is_under_way_without_a_name():
    row, met = propose(), make_introduction(make_volunteer(), state=S.MET)
    answer(row, row.one.member)
    entries = AuditEntry.objects.count()
    assert introductions_end(profile=row.one) == 1
    assert AuditEntry.objects.count() == entries
    assert introductions_end(profile=met.one, other=met.two) == 1
    assert introductions_end(profile=met.one) == 0
    row.refresh_from_db()
    met.refresh_from_db()
    assert (row.state, row.one_answer, met.state) == (S.ASKED, Answer.NO, S.ENDED)
    assert AuditEntry.objects.get(action="matchmaking.introduction.ended").actor is None


# Contact.
def test_contact_passes_when_both_agree_and_stops_when_one_takes_it_back():
    city = make_organization()
    people = [make_single(make_unit(city), sex, phone=phone_number(number)) for number, sex in enumerate(Sex, 41)]
    one, two = (make_profile(city, member=person) for person in people)
    row = make_introduction(make_volunteer(city), one, two, state=S.AGREED)

    def seen(member):
        found = introduction_view(row, member)
        return found.name, found.phone

    introduction_contact_set(introduction=row, actor=people[0], agree=True)
    assert [seen(person) for person in people] == [("", ""), ("", "")]
    introduction_contact_set(introduction=row, actor=people[1], agree=True)
    assert seen(people[0]) == (people[1].name, people[1].phone)
    introduction_contact_set(introduction=row, actor=people[1], agree=False)
    assert [seen(person) for person in people] == [("", ""), ("", "")]


@pytest.mark.parametrize("state", STATES)
def test_contact_is_agreed_to_only_while_it_stands(state):
    row = make_introduction(make_volunteer(), state=state)
    asked = {"introduction": row, "actor": row.one.member, "agree": True}
    if state in STANDS:
        introduction_contact_set(**asked)
        assert Consent.objects.standing().filter(about_id=row.pk).count() == 1
    else:
        refused("not-agreed", introduction_contact_set, **asked)


def test_an_end_closes_the_contact():
    row = make_introduction(make_volunteer(), state=S.AGREED)
    for profile in (row.one, row.two):
        introduction_contact_set(introduction=row, actor=profile.member, agree=True)
    row = introduction_end(introduction=row, actor=row.one.member)
    assert introduction_view(row, row.two.member).name == ""
    assert Consent.objects.standing().filter(about_id=row.pk).count() == 0


# The meeting.
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("service", "possible"),
    [
        (introduction_met, {S.AGREED}),
        (introduction_together, {S.MET}),
        (introduction_end, {S.AGREED, S.MET, S.TOGETHER}),
    ],
)
def test_steps_by_state(state, service, possible):
    row = make_introduction(make_volunteer(), state=state)
    if state in possible:
        assert service(introduction=row, actor=row.volunteer.member).state != state
    else:
        refused("no-such-step", service, introduction=row, actor=row.volunteer.member)
    refused("not-yours", service, introduction=row, actor=make_member())


@pytest.mark.parametrize("state", STATES)
def test_a_time_is_set_once_both_agreed(state):
    row, soon = make_introduction(make_volunteer(), state=state), timezone.now() + timedelta(days=2)
    asked = {"introduction": row, "actor": row.one.member, "meets_at": soon}
    if state == S.AGREED:
        assert introduction_meeting_set(**asked).meets_at == soon
        assert Message.objects.get().recipient == row.two.member
        for at in (timezone.now(), timezone.now() + timedelta(days=91)):
            refused("when", introduction_meeting_set, **(asked | {"meets_at": at}))
        refused("early", introduction_met, introduction=row, actor=row.one.member)
    else:
        refused("not-agreed", introduction_meeting_set, **asked)
    refused("not-yours", introduction_meeting_set, **(asked | {"actor": make_member()}))


# Feedback.
def met(hours, **fields):
    at = timezone.now() - timedelta(hours=hours)
    return make_introduction(make_volunteer(), state=S.AGREED, meets_at=at, **fields)


def tell(row, member, impression=Impression.GO_ON, words="聊得来"):
    return feedback_add(introduction=row, actor=member, impression=impression, words=words)


def test_feedback_brings_them_further_and_is_told_once():
    row = met(2)
    tell(row, row.one.member)
    row.refresh_from_db()
    assert row.state == S.MET
    refused("twice", tell, row=row, member=row.one.member)
    tell(row, row.two.member)
    row.refresh_from_db()
    assert row.state == S.TOGETHER


def test_who_did_not_meet_has_not_met_and_a_single_yes_is_no_couple():
    row = met(2)
    tell(row, row.one.member, Impression.DID_NOT_MEET)
    row.refresh_from_db()
    assert row.state == S.AGREED
    row = met(2)
    tell(row, row.one.member)
    tell(row, row.two.member, Impression.FRIENDS)
    row.refresh_from_db()
    assert row.state == S.MET


def test_feedback_of_others_and_before_the_time_is_refused():
    row = make_introduction(make_volunteer(), state=S.AGREED)
    refused("early", tell, row=row, member=row.one.member)
    refused("not-yours", tell, row=row, member=row.volunteer.member)
    for state in (S.ASKED, S.NOT_AGREED, S.ENDED):
        other = make_introduction(make_volunteer(), state=state)
        refused("not-agreed", tell, row=other, member=other.one.member)
    assert MeetingFeedback.objects.count() == 0


def test_a_matchmaker_reads_what_her_own_people_said_and_sees_who_is_late():
    row = met(73)
    case = make_case(row.volunteer, row.one)
    theirs = make_case(make_volunteer(), row.two)
    line = guide_line(row, row.volunteer.member)
    assert (line.missing, line.feedback_over) == (1, True)
    tell(row, row.one.member, words="我的心里话")
    tell(row, row.two.member, words="他的心里话")
    (mine,) = guide_lines(case.volunteer.member)
    (other,) = guide_lines(theirs.volunteer.member)
    assert [said.words for _name, said in mine.feedback] == ["我的心里话"]
    assert [said.words for _name, said in other.feedback] == ["他的心里话"]
    assert (mine.mine, other.mine, mine.missing) == (True, False, 0)


def test_the_other_never_reads_feedback(client):
    row = met(2)
    tell(row, row.one.member, words="我的心里话")
    fresh(client, row.two.member)
    assert "我的心里话" not in client.get(row.get_absolute_url()).text


# Reminders.
def reminded():
    reminders_plan()
    return set(Reminder.objects.filter(rule__startswith="matchmaking.").values_list("rule", "recipient"))


def test_reminders_of_introductions():
    row = make_introduction(make_volunteer(), answer_by=timezone.now() + timedelta(hours=20), one_answer=Answer.NO)
    soon = make_introduction(make_volunteer(), state=S.AGREED, meets_at=timezone.now() + timedelta(hours=5))
    told = met(2)
    tell(told, told.one.member)
    late = met(73)
    case = make_case(late.volunteer, late.one, opened_on=timezone.localdate(), last_contact_at=timezone.now())
    assert reminded() == {
        ("matchmaking.introduction_expiring", row.one.member_id),
        ("matchmaking.introduction_expiring", row.two.member_id),
        ("matchmaking.introduction_tomorrow", soon.one.member_id),
        ("matchmaking.introduction_tomorrow", soon.two.member_id),
        ("matchmaking.feedback_due", told.two.member_id),
        ("matchmaking.feedback_overdue", case.volunteer.member_id),
    }


def test_reminders_of_cases_come_once():
    helper, now = make_volunteer(), timezone.now()
    make_case(helper, next_due=timezone.localdate(), last_contact_at=now)
    make_case(helper, last_contact_at=now - timedelta(days=7, hours=1))
    old = make_profile(helper.organization, edited_at=now - timedelta(days=30, hours=1))
    make_case(helper, old, last_contact_at=now)
    make_case(make_volunteer(state="resting"), next_due=timezone.localdate())
    rules = {("matchmaking.case_due", helper.member_id), ("matchmaking.case_silent", helper.member_id)}
    assert reminded() == rules | {("matchmaking.profile_stale", helper.member_id)}
    assert reminders_plan() == 0


# Pages.
def test_pages_are_the_two_s_and_steps_her_matchmaker_s(client):
    row = make_introduction(make_volunteer(), state=S.AGREED)
    looking_on = make_case(make_volunteer(), row.two).volunteer.member
    names = ("contact", "detail", "end", "feedback", "time")
    own = [reverse(f"matchmaking:introduction-{name}", args=[row.pk]) for name in names]
    steps = ("guide-end", "guide-time", "met", "together")
    guided = [reverse(f"matchmaking:introduction-{name}", args=[row.pk]) for name in steps]
    for person in (make_staff(make_province()), row.volunteer.member, make_member()):
        fresh(client, person)
        assert [client.get(page).status_code for page in own] == [404] * 5
    fresh(client, looking_on)
    assert [client.get(page).status_code for page in guided] == [403] * 4
    assert client.get(row.get_guide_url()).status_code == 200
    fresh(client, row.one.member)
    assert [client.get(page).status_code for page in [*guided, row.get_guide_url()]] == [404] * 5
    assert [client.get(page).status_code for page in own] == [200] * 5


def test_her_pages_ask_the_same_whatever_their_number(client):
    city = make_organization()
    mine = make_profile(city)
    fresh(client, mine.member)
    row = make_introduction(make_volunteer(city), one=mine)
    addresses = [
        reverse("matchmaking:introduction-list"),
        row.get_absolute_url(),
        reverse("matchmaking:my-matchmaker-detail"),
    ]
    one = [queries_of(client, address) for address in addresses]
    for _number in range(3):
        make_introduction(make_volunteer(city), one=mine, state=S.MET)
    assert [queries_of(client, address) for address in addresses] == one
    assert max(one) <= 10
