"""Joining and leaving an event: the law, the waiting list, the consent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from matchmaking import consents
from matchmaking.choices.events import EventState
from matchmaking.models import Choice, MatchEvent, Participation
from matchmaking.selectors.choosing import own_choices
from matchmaking.selectors.participations import waiting_ahead
from matchmaking.services.choosing import choices_set, event_reveal
from matchmaking.services.participations import check_line, event_join, event_leave, offer_accept, offers_expire
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.members.choices import MaritalStatus
from portal.members.models import Consent
from portal.messaging.models import Message
from portal.organizations.models import LegalParameter
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import LINE, make_event, make_participation, make_single, open_choice, put_event
from tests.factories.members import make_entry
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    settings.PRIVATE_STORAGE_DIR = tmp_path / "files"


def join(event, member=None, **fields):
    member = member or make_single(event.organization)
    return event_join(event=event, member=member, actor=member, line=LINE, **fields)


def refused(event, member, **fields):
    before = Participation.objects.count(), Consent.objects.count(), Message.objects.count()
    with pytest.raises(DomainError) as refusal:
        join(event, member, **fields)
    assert (Participation.objects.count(), Consent.objects.count(), Message.objects.count()) == before
    return refusal.value


def test_joining_writes_card_consent_and_message_once():
    event = make_event()
    row, created = join(event)

    assert (created, row.state, row.age, row.line, row.number) == (True, SignUpState.CONFIRMED, row.age, LINE, "W001")
    consent = Consent.objects.get(member=row.member)
    assert (consent.purpose, consent.version, consent.about_id) == (
        "matchmaking.event",
        consents.EVENT.version,
        event.pk,
    )
    message = Message.objects.get(recipient=row.member)
    assert (message.kind, message.context["state"], message.context["number"]) == (
        "matchmaking.joined",
        "confirmed",
        "W001",
    )

    assert join(event, row.member) == (row, False)
    assert (Consent.objects.count(), Message.objects.count()) == (1, 1)


def at_event(start):
    """Return an event that starts on a given day in Shanghai and whose sign-up is open now."""
    return put_event(make_event(), starts_at=start, ends_at=start + timedelta(days=1))


# 19 August 2026, half past midnight in Shanghai, which is still the 18th in UTC.
DAY = datetime(2026, 8, 18, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sex", "born", "allowed"),
    [
        (Sex.MALE, date(2004, 8, 19), True),
        (Sex.MALE, date(2004, 8, 20), False),
        (Sex.FEMALE, date(2006, 8, 19), True),
        (Sex.FEMALE, date(2006, 8, 20), False),
    ],
)
def test_the_age_of_marriage_counts_on_the_day_of_the_event(sex, born, allowed):
    event = at_event(DAY)
    member = make_single(event.organization, sex, born)
    if allowed:
        assert join(event, member)[0].age == (22 if sex == Sex.MALE else 20)
    else:
        assert refused(event, member).code == "not-eligible"


def test_the_age_of_marriage_is_the_laws_and_not_the_codes():
    event = at_event(DAY)
    member = make_single(event.organization, Sex.FEMALE, date(2006, 8, 19))
    LegalParameter.objects.filter(key="marriage_age_woman").update(value=21)
    assert refused(event, member).code == "not-eligible"


def test_without_the_law_nobody_joins():
    event = make_event()
    LegalParameter.objects.all().delete()
    assert refused(event, make_single(event.organization)).code == "no-law"


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        ({"age_from": 30}, True),
        ({"age_from": 31}, False),
        ({"age_to": 30}, True),
        ({"age_to": 29}, False),
        ({"age_from": 30, "age_to": 30}, True),
    ],
)
def test_an_event_may_be_for_an_age_group(limits, allowed):
    event = at_event(DAY)
    event = put_event(event, **limits)
    member = make_single(event.organization, born=date(1996, 8, 19))
    if allowed:
        assert join(event, member)[1]
    else:
        assert refused(event, member).code == "not-eligible"


def test_the_refusals_of_a_person():
    event = make_event()
    city = event.organization
    people = {
        "other city": make_single(make_organization()),
        "unit of another city": make_single(make_unit()),
        "not single": make_single(city, marital_status=MaritalStatus.OTHER),
        "no birth date": make_entry(city),
        "no unit": make_single(city),
    }
    people["no unit"].organization = None
    people["no unit"].save(update_fields=["organization"])
    sentences = {str(refused(event, member)) for member in people.values()}
    assert len(sentences) == 3


def test_members_of_all_units_below_may_join():
    event = make_event()
    assert join(event, make_single(make_unit(event.organization)))[1]
    assert join(event, make_single(event.organization, marital_status=MaritalStatus.UNKNOWN))[1]


@pytest.mark.parametrize("state", [state for state in EventState if state != EventState.PUBLISHED])
def test_nobody_joins_an_event_that_is_not_open(state):
    event = make_event(state=state)
    assert refused(event, make_single(event.organization)).code == "not-eligible"


@pytest.mark.parametrize("times", [{"signup_closes_at": 0}, {"signup_opens_at": 1}])
def test_nobody_joins_outside_the_window(times):
    now = timezone.now()
    event = put_event(make_event(), **{name: now + timedelta(hours=hours) for name, hours in times.items()})
    assert refused(event, make_single(event.organization)).code == "not-eligible"


@pytest.mark.parametrize(
    "line",
    [
        "电话找我",
        "加我微信",
        "ＷｅＣｈａｔ见",
        "13812345678",
        "138 1234 5678",
        "１３８１２３４５６７８",
        "q q 见 123-456-7",
        "QQ: abc",
        "me@example.org",
        "手机同号",
        "vx abc",
    ],
)
def test_a_line_with_a_contact_is_refused(line):
    with pytest.raises(DomainError) as refusal:
        check_line(line, make_single())
    assert refusal.value.code == "line-contact"


@pytest.mark.parametrize("line", ["我是示例欧阳兰", "在示例第一机床厂上班", "示例一机床的", "示例 欧阳 兰"])
def test_a_line_with_a_name_or_unit_is_refused(line):
    unit = make_unit(name="示例第一机床厂", short_name="示例一机床")
    member = make_single(unit, name="示例欧阳兰")
    with pytest.raises(DomainError) as refusal:
        check_line(line, member)
    assert refusal.value.code == "line-name"


@pytest.mark.parametrize("line", ["", "   ", "\u200b\u3000", "\x00"])
def test_an_empty_line_is_refused(line):
    with pytest.raises(DomainError) as refusal:
        check_line(line, make_single())
    assert refusal.value.code == "line-empty"


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("喜欢看书，每年走 10 个城市", "喜欢看书，每年走 10 个城市"),
        (" 爬山\n游泳 ", "爬山 游泳"),
        ("<b>你好</b>", "<b>你好</b>"),
    ],
)
def test_other_lines_stand(line, clean):
    assert check_line(line, make_single()) == clean


@pytest.mark.parametrize("line", ["13812345678", "", "x" * 121, "\u0958" * 61])
def test_a_refused_line_signs_nobody_up(line):
    event = make_event()
    member = make_single(event.organization)
    with pytest.raises(DomainError):
        event_join(event=event, member=member, actor=member, line=line)
    assert not Participation.objects.exists()
    assert not Consent.objects.exists()


def test_taking_the_consent_back_withdraws_her_and_moves_the_list():
    event = make_event(women_quota=1)
    rows = [join(event)[0] for _number in range(3)]

    left = event_leave(participation=rows[0], actor=rows[0].member)

    assert left.state == SignUpState.WITHDRAWN
    assert not Consent.objects.standing().filter(member=rows[0].member).exists()
    assert [str(row.state) for row in event.signups.order_by("place")] == ["withdrawn", "offered", "waitlisted"]
    told = Message.objects.filter(kind="matchmaking.offered")
    assert sorted(told.values_list("recipient", "channel")) == [
        (rows[1].member_id, "in_app"),
        (rows[1].member_id, "sms"),
    ]
    assert Consent.objects.standing().count() == 2


def test_leaving_in_the_choice_round_deletes_her_choices_and_takes_her_from_the_others():
    event = make_event()
    her, other = make_participation(event), make_participation(event, sex=Sex.MALE)
    event = open_choice(event)
    choices_set(participation=her, chosen=[other.pk], actor=her.member)
    choices_set(participation=other, chosen=[her.pk], actor=other.member)

    event_leave(participation=her, actor=her.member)

    assert not Choice.objects.filter(chooser=her).exists()
    assert own_choices(Participation.objects.get(pk=other.pk)) == []
    event_reveal(event=event, actor=event.created_by)
    assert not event.pairs.exists()
    assert not Message.objects.filter(recipient=her.member, kind__contains="reveal").exists()


def test_leaving_before_a_cancelled_or_after_a_revealed_event():
    event = make_event()
    row, _created = join(event)
    put_event(event, EventState.REVEALED)
    row = Participation.objects.get(pk=row.pk)
    left = event_leave(participation=row, actor=row.member)
    assert (left.state, left.line, left.photo_id, left.matchmaker_id) == (SignUpState.LEFT, "", None, None)
    assert not Consent.objects.standing().exists()
    with pytest.raises(DomainError) as refusal:
        event_leave(participation=left, actor=row.member)
    assert refusal.value.code == "left"


def test_leaving_is_judged_by_the_event_as_it_is_now():
    event = make_event()
    row, _created = join(event)
    put_event(event, EventState.REVEALED)
    assert row.offering.state == EventState.PUBLISHED
    assert event_leave(participation=row, actor=row.member).state == SignUpState.LEFT


def test_her_photo_goes_with_her():
    event = make_event()
    row, _created = join(event, photo=b"\xff\xd8picture")
    stored = row.photo
    event_leave(participation=row, actor=row.member)
    stored.refresh_from_db()
    assert Participation.objects.get(pk=row.pk).photo is None
    assert stored.deleted_at is not None


def test_an_offer_is_taken_and_she_is_told():
    event = make_event(women_quota=1)
    rows = [join(event)[0] for _number in range(2)]
    event_leave(participation=rows[0], actor=rows[0].member)
    offered = Participation.objects.get(pk=rows[1].pk)

    offer_accept(participation=offered, actor=offered.member)

    assert Participation.objects.get(pk=offered.pk).state == SignUpState.CONFIRMED
    told = Message.objects.filter(recipient=offered.member).order_by("pk")
    assert [(m.kind, m.channel) for m in told] == [
        ("matchmaking.joined", "in_app"),
        ("matchmaking.offered", "in_app"),
        ("matchmaking.offered", "sms"),
        ("matchmaking.joined", "in_app"),
    ]


def test_offers_that_ran_out_pass_on_and_both_are_told():
    event = make_event(women_quota=1)
    late = make_participation(event, state=SignUpState.OFFERED)
    following = make_participation(event, state=SignUpState.WAITLISTED)
    untouched = make_participation(make_event(), state=SignUpState.OFFERED)
    Participation.objects.filter(pk=late.pk).update(offered_until=timezone.now())

    assert offers_expire() == 1
    assert offers_expire() == 0

    states = dict(Participation.objects.values_list("pk", "state"))
    assert states == {late.pk: "expired", following.pk: "offered", untouched.pk: "offered"}
    assert list(Message.objects.filter(kind="matchmaking.offer_expired").values_list("recipient", flat=True)) == [
        late.member_id
    ]
    assert set(Message.objects.filter(kind="matchmaking.offered").values_list("recipient", flat=True)) == {
        following.member_id
    }


def test_waiting_ahead_counts_her_own_list():
    event = make_event(women_quota=1, men_quota=1)
    rows = [join(event)[0] for _number in range(4)]
    for _number in range(3):
        join(event, make_single(event.organization, Sex.MALE))
    assert [waiting_ahead(row) for row in rows[1:]] == [0, 1, 2]


def test_her_events_are_those_held_by_her_unit_or_above():
    event, draft = make_event(), make_event(state=EventState.DRAFT)
    make_event()
    member = make_single(make_unit(event.organization))
    assert list(MatchEvent.objects.offered_to(member)) == [event]
    put_event(draft, organization=event.organization)
    assert list(MatchEvent.objects.offered_to(member)) == [event]


def test_who_has_no_unit_has_no_events():
    make_event()
    member = make_single()
    member.organization = None
    assert not MatchEvent.objects.offered_to(member).exists()
