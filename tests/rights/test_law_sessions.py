"""Law sessions: planned by a union, joined by members and by provisional accounts, counted once they are held."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.members.models import Member
from portal.members.services.people import phone_index_of
from portal.messaging.choices import Channel
from portal.messaging.models import Message, Touch
from portal.signups.choices import SignUpState
from rights import erasing, merging, own_data, reminders, retention
from rights.choices.law_sessions import LawSessionState, SessionKind
from rights.indicators import INDICATORS
from rights.models import LawSession, LawSessionSignUp
from rights.services import law_sessions as services
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.factories.rights import make_law_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization(kind="city")


@pytest.fixture
def chair(city):
    return make_staff(city)


def provisional(place, number):
    return make_member(place, phone=phone_number(number), proven_at=None)


def new_phone(person, number):
    person.phone = phone_number(number)
    person.phone_index = phone_index_of(person.phone)
    person.save()


def join(session, *people):
    return [services.session_join(actor=person, session=session) for person in people]


def told(kind, channel=Channel.IN_APP):
    rows = Message.objects.filter(kind=f"rights.{kind}", channel=channel).order_by("pk")
    return [row.recipient for row in rows]


def states(session):
    return list(session.signups.order_by("place").values_list("state", flat=True))


def test_a_session_is_planned_opened_joined_held_and_counted(client, city, chair):
    sign_in(client, chair)
    day = timezone.localtime() + timedelta(days=3)
    typed = {
        "organization": city.pk,
        "title": "三期权益讲座",
        "kind": "lecture",
        "speaker": "示例律师",
        "summary": "讲解三期权益。",
        "place": "文化宫",
        "starts_at": day.strftime("%Y-%m-%dT09:00"),
        "ends_at": day.strftime("%Y-%m-%dT11:00"),
        "places_total": 2,
    }
    assert client.post(reverse("rights:session-create"), typed).status_code == 302
    session = LawSession.objects.get()
    person = make_member(make_unit(city), phone=phone_number(8801))
    client.logout()
    sign_in(client, person)
    assert client.get(session.get_member_url()).status_code == 404
    services.session_open(actor=chair, session=session)
    assert session.title in client.get(reverse("rights:law-find")).content.decode()
    sent = client.post(reverse("rights:law-join", args=[session.pk]))
    assert sent.url == session.get_member_url()
    assert "名额已确认" in client.get(sent.url).content.decode()
    again = client.post(reverse("rights:law-join", args=[session.pk]))
    assert (again.status_code, session.signups.count()) == (302, 1)
    session.refresh_from_db()
    with pytest.raises(DomainError, match="尚未结束"):
        services.session_hold(actor=chair, session=session, visits=3)
    LawSession.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    due = list(reminders.session_over(timezone.now()))
    assert [(one.to, one.url) for one in due] == [(chair, session.get_absolute_url())]
    client.logout()
    sign_in(client, chair)
    people = client.get(reverse("rights:session-people", args=[session.pk])).content.decode()
    assert person.name in people
    assert client.post(reverse("rights:session-hold", args=[session.pk]), {"visits": 57}).status_code == 302
    session.refresh_from_db()
    assert (session.state, session.visits) == (LawSessionState.HELD, 57)
    assert client.post(reverse("rights:session-correct", args=[session.pk]), {"visits": 75}).status_code == 302
    session.refresh_from_db()
    assert session.visits == 75
    assert list(reminders.session_over(timezone.now())) == []
    assert Touch.objects.filter(source="rights.lawsession", organization_id=city.pk).exists()
    counted = {one.code: list(one.figure.rows()) for one in INDICATORS if one.code in ("RT14", "RT14b")}
    assert counted == {"RT14": [session], "RT14b": [session]}


def test_a_provisional_account_signs_up_and_withdraws(client, city):
    session = make_law_session(city)
    person = provisional(make_unit(city), 8802)
    sign_in(client, person)
    assert session.title in client.get("/").content.decode()
    for page in ("show", "join", "leave"):
        assert client.get(reverse(f"rights:law-{page}", args=[session.pk])).status_code == 200
    assert client.post(reverse("rights:law-join", args=[session.pk])).status_code == 302
    assert states(session) == [SignUpState.CONFIRMED]
    assert client.post(reverse("rights:law-leave", args=[session.pk])).status_code == 302
    assert states(session) == [SignUpState.WITHDRAWN]


@pytest.mark.parametrize("proven", [False, True])
def test_whoever_takes_a_phone_over_learns_of_no_sign_up(client, city, proven):
    session, other = make_law_session(city, places_total=1), make_law_session(city)
    person = provisional(make_unit(city), 8803)
    if proven:
        person.proven_at = timezone.now()
        person.save()
    join(session, person)
    waiting = make_member(make_unit(city), phone=phone_number(8804))
    join(session, waiting)
    Message.objects.all().delete()
    person.secrets_closed_until = timezone.now() + timedelta(days=30)
    new_phone(person, 8805)
    sign_in(client, person)
    shown = client.get(session.get_member_url())
    never = client.get(other.get_member_url())
    assert (shown.context["mine"], never.context["mine"]) == (None, None)
    assert reverse("rights:law-join", args=[session.pk]) in shown.content.decode()
    found = client.get(reverse("rights:law-find"))
    assert list(found.context["mine"]) == []
    assert "查看并报名" in client.get("/").content.decode()
    refused = client.post(reverse("rights:law-leave", args=[session.pk]))
    assert refused.status_code == 422
    LawSession.objects.filter(pk=session.pk).update(starts_at=timezone.now() + timedelta(hours=20))
    assert [due.to for due in reminders.session_tomorrow(timezone.now())] == []
    session.refresh_from_db()
    services.session_cancel(actor=make_staff(city), session=session, reason="场地维修")
    assert told("session_cancelled", Channel.SMS) == [waiting]


def test_a_hidden_sign_up_neither_ends_nor_shows_when_the_new_holder_of_the_phone_signs_up(city):
    """Nobody can tell from what happens to others whether the person had a place."""
    session = make_law_session(city, places_total=1)
    person, waiting = provisional(make_unit(city), 8806), make_member(make_unit(city), phone=phone_number(8809))
    join(session, person, waiting)
    new_phone(person, 8807)
    (row,) = join(session, person)
    assert states(session) == [SignUpState.CONFIRMED, SignUpState.WAITLISTED, SignUpState.WAITLISTED]
    assert row.phone_index == person.phone_index
    assert join(session, person) == [row]
    Member.objects.filter(pk=person.pk).update(proven_at=timezone.now())
    services.session_leave(actor=Member.objects.get(pk=person.pk), session=session)
    assert states(session) == [SignUpState.WITHDRAWN, SignUpState.OFFERED, SignUpState.WITHDRAWN]


def test_the_new_holder_of_an_abandoned_number_sees_nothing_of_the_person(client, city):
    session = make_law_session(city)
    person = make_member(make_unit(city), phone=phone_number(8808))
    join(session, person)
    Member.objects.filter(pk=person.pk).update(proven_at=None)
    sign_in(client, person)
    assert client.get(session.get_member_url()).context["mine"] is None
    assert not LawSessionSignUp.objects.reachable().exists()
    Member.objects.filter(pk=person.pk).update(proven_at=timezone.now())
    assert client.get(session.get_member_url()).context["mine"] is not None


def test_what_was_signed_up_for_long_ago_in_a_closed_account_is_not_shown(client, city):
    session = make_law_session(city, starts_at=timezone.now() + timedelta(days=200))
    person = provisional(make_unit(city), 8870)
    (row,) = join(session, person)
    LawSessionSignUp.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=91))
    sign_in(client, person)
    assert client.get(session.get_member_url()).context["mine"] is None
    assert not LawSessionSignUp.objects.reachable().exists()
    assert client.post(reverse("rights:law-join", args=[session.pk])).status_code == 302
    assert session.signups.count() == 2


def two_rows(city):
    """Return a full session, a person with a place and, from the time when the account was closed, a position in line.

    The third is somebody else, who waits before that.
    """
    session = make_law_session(city, places_total=1)
    person, other = (make_member(make_unit(city), phone=phone_number(8880 + n)) for n in range(2))
    join(session, person, other)
    Member.objects.filter(pk=person.pk).update(proven_at=None)
    person.refresh_from_db()
    join(session, person)
    Member.objects.filter(pk=person.pk).update(proven_at=timezone.now())
    person.refresh_from_db()
    return session, person, other


def test_of_two_rows_of_one_person_the_place_is_shown_and_nothing_comes_twice(client, city):
    session, person, other = two_rows(city)
    assert session.signups.filter(member=person).count() == 2
    sign_in(client, person)
    assert client.get(session.get_member_url()).context["mine"].state == SignUpState.CONFIRMED
    assert [row.state for row in client.get(reverse("rights:law-find")).context["mine"]] == [SignUpState.CONFIRMED]
    (block,) = [block for block in client.get("/").context["blocks"] if "_law_" in block["template"]]
    assert block["context"]["mine"]["state"] == SignUpState.CONFIRMED
    services.session_leave(actor=person, session=session)
    assert dict(session.signups.values_list("member", "state").order_by("-pk")) == {
        other.pk: SignUpState.OFFERED,
        person.pk: SignUpState.WITHDRAWN,
    }
    assert told("session_offered", Channel.SMS) == [other]


def test_a_cancellation_comes_once_and_a_place_waits_for_who_can_be_told_again(city, chair):
    session, person, _other = two_rows(city)
    services.session_update(actor=chair, session=session, version=1, places_total=9)
    # The person has a place already; the other one gets one.
    assert session.signups.filter(state=SignUpState.OFFERED).count() == 1
    hidden = make_member(make_unit(city), phone=phone_number(8882))
    full = make_law_session(city, places_total=1)
    leaver = make_member(make_unit(city), phone=phone_number(8883))
    join(full, leaver, hidden)
    Member.objects.filter(pk=hidden.pk).update(secrets_closed_until=timezone.now() + timedelta(days=1))
    services.session_leave(actor=leaver, session=full)
    assert states(full) == [SignUpState.WITHDRAWN, SignUpState.WAITLISTED]
    Member.objects.filter(pk=hidden.pk).update(secrets_closed_until=timezone.now() - timedelta(minutes=1))
    services.session_offers_expire()
    assert states(full) == [SignUpState.WITHDRAWN, SignUpState.OFFERED]
    services.session_cancel(actor=chair, session=LawSession.objects.get(pk=session.pk), reason="场地维修")
    assert told("session_cancelled", Channel.SMS).count(person) == 1


def test_an_account_without_a_phone_opens_its_pages(client, city):
    make_law_session(city)
    person = make_member(make_unit(city), proven_at=None, phone="")
    sign_in(client, person)
    assert client.get("/").status_code == 200
    assert client.get(reverse("rights:law-find")).status_code == 200


def test_a_full_session_has_a_waiting_list_and_offers_expire(city):
    session = make_law_session(city, places_total=1)
    first, second, third = (make_member(make_unit(city), phone=phone_number(8810 + n)) for n in range(3))
    join(session, first, second, third)
    assert states(session) == [SignUpState.CONFIRMED, SignUpState.WAITLISTED, SignUpState.WAITLISTED]
    services.session_leave(actor=first, session=session)
    assert states(session) == [SignUpState.WITHDRAWN, SignUpState.OFFERED, SignUpState.WAITLISTED]
    assert told("session_offered", Channel.SMS) == [second]
    LawSessionSignUp.objects.filter(member=second).update(offered_until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(DomainError) as refused:
        services.session_accept(actor=second, session=session)
    assert refused.value.code == "offer-over"
    assert services.session_offers_expire() == 1
    assert states(session) == [SignUpState.WITHDRAWN, SignUpState.EXPIRED, SignUpState.OFFERED]
    assert told("session_offer_expired") == [second]
    services.session_accept(actor=third, session=session)
    assert states(session)[-1] == SignUpState.CONFIRMED


def test_more_places_go_to_those_who_wait_and_fewer_than_taken_are_refused(city, chair):
    session = make_law_session(city, places_total=1)
    people = [make_member(make_unit(city), phone=phone_number(8820 + n)) for n in range(2)]
    join(session, *people)
    changed = services.session_update(actor=chair, session=session, version=1, places_total=2)
    assert states(session) == [SignUpState.CONFIRMED, SignUpState.OFFERED]
    with pytest.raises(DomainError) as refused:
        services.session_update(actor=chair, session=changed, version=changed.version, places_total=1)
    assert refused.value.code == "places"
    with pytest.raises(Conflict):
        services.session_update(actor=chair, session=session, version=1, places_total=9)


def test_a_new_time_is_told_and_people_who_are_in_are_not_shut_out(city, chair):
    elsewhere = make_member(make_organization(kind="city"), phone=phone_number(8830))
    session = make_law_session(city)
    join(session, elsewhere)
    later = session.starts_at + timedelta(hours=1)
    changed = services.session_update(actor=chair, session=session, version=1, starts_at=later)
    assert told("session_changed", Channel.SMS) == [elsewhere]
    changed = services.session_update(actor=chair, session=changed, version=2, title="另一题目")
    assert told("session_changed") == [elsewhere]
    with pytest.raises(DomainError) as refused:
        services.session_update(actor=chair, session=changed, version=3, only_own=True)
    assert refused.value.code == "others-in"


def test_somebody_who_changed_the_unit_does_not_stop_later_changes(city, chair):
    session, person = make_law_session(city, only_own=True), make_member(make_unit(city), phone=phone_number(8831))
    join(session, person)
    Member.objects.filter(pk=person.pk).update(organization=make_organization())
    changed = services.session_update(actor=chair, session=session, version=1, place="三楼会议室")
    assert changed.place == "三楼会议室"


def test_an_earlier_beginning_ends_offers_and_what_is_over_is_told_to_nobody(city, chair):
    session = make_law_session(city, places_total=1)
    first, second = (make_member(make_unit(city), phone=phone_number(8832 + n)) for n in range(2))
    join(session, first, second)
    services.session_leave(actor=first, session=session)
    soon = timezone.now() + timedelta(hours=2)
    session = services.session_update(
        actor=chair, session=session, version=1, starts_at=soon, ends_at=soon + timedelta(hours=1)
    )
    assert session.signups.get(state=SignUpState.OFFERED).offered_until == soon
    past = timezone.now() - timedelta(hours=3)
    LawSession.objects.filter(pk=session.pk).update(starts_at=past, ends_at=past + timedelta(hours=1))
    session.signups.filter(state=SignUpState.OFFERED).update(offered_until=past)
    session.refresh_from_db()
    Message.objects.all().delete()
    with pytest.raises(DomainError) as refused:
        services.session_accept(actor=second, session=session)
    assert refused.value.code == "begun"
    session = services.session_update(actor=chair, session=session, version=2, ends_at=past + timedelta(hours=2))
    assert services.session_offers_expire() == 1
    assert not Message.objects.exists()
    services.session_cancel(actor=chair, session=session, reason="主讲人生病")
    assert not Message.objects.exists()


def test_nobody_takes_or_gives_back_a_place_of_a_cancelled_session(client, city, chair):
    session = make_law_session(city, places_total=1)
    first, second = (make_member(make_unit(city), phone=phone_number(8834 + n)) for n in range(2))
    join(session, first, second)
    services.session_leave(actor=first, session=session)
    services.session_cancel(actor=chair, session=session, reason="场地维修")
    for step in (services.session_accept, services.session_leave):
        with pytest.raises(DomainError) as refused:
            step(actor=second, session=session)
        assert refused.value.code == "begun"
    sign_in(client, second)
    assert "场地维修" in client.get(session.get_member_url()).content.decode()
    client.logout()
    sign_in(client, first)
    assert "场地维修" not in client.get(session.get_member_url()).content.decode()


def test_how_to_join_online_is_shown_to_those_with_a_place(client, city):
    session = make_law_session(city, places_total=1, kind=SessionKind.ONLINE, place="会议号 123456")
    first, second = (make_member(make_unit(city), phone=phone_number(8836 + n)) for n in range(2))
    join(session, first, second)
    services.session_update(
        actor=make_staff(city), session=session, version=1, ends_at=session.ends_at + timedelta(hours=1)
    )
    words = [str(row.context) for row in Message.objects.filter(kind="rights.session_changed")]
    assert [("123456" in text) for text in words] == [False] * 4
    shown = []
    for person in (first, second):
        sign_in(client, person)
        shown.append("123456" in client.get(session.get_member_url()).content.decode())
        client.logout()
    assert shown == [True, False]


def test_a_place_is_not_offered_to_who_cannot_learn_of_it(city):
    session = make_law_session(city, places_total=1)
    first, hidden, third = (make_member(make_unit(city), phone=phone_number(8838 + n)) for n in range(3))
    join(session, first, hidden, third)
    Member.objects.filter(pk=hidden.pk).update(proven_at=None)
    services.session_leave(actor=first, session=session)
    assert states(session) == [SignUpState.WITHDRAWN, SignUpState.WAITLISTED, SignUpState.OFFERED]


def test_a_double_press_on_confirm_confirms_once(client, city):
    session = make_law_session(city, places_total=1)
    first, second = (make_member(make_unit(city), phone=phone_number(8842 + n)) for n in range(2))
    join(session, first, second)
    services.session_leave(actor=first, session=session)
    sign_in(client, second)
    address = reverse("rights:law-accept", args=[session.pk])
    assert client.get(address).status_code == 200
    assert [client.post(address).status_code for _press in range(2)] == [302, 302]
    assert client.get(address).status_code == 302


def test_what_was_held_without_sign_up_is_recorded(city, chair):
    session = make_law_session(city, state=LawSessionState.DRAFT, starts_at=timezone.now() - timedelta(hours=5))
    assert services.session_hold(actor=chair, session=session, visits=12).state == LawSessionState.HELD


def test_whoever_is_nearest_is_reminded_to_record_a_session(city, chair):
    county = make_organization(parent=city, kind="county")
    make_law_session(county, starts_at=timezone.now() - timedelta(hours=5))
    assert [due.to for due in reminders.session_over(timezone.now())] == [chair]
    nearer = make_staff(county)
    assert [due.to for due in reminders.session_over(timezone.now())] == [nearer]


def test_a_session_for_ones_own_members_is_not_found_by_others(client, city):
    session = make_law_session(city, only_own=True)
    inside = make_member(make_unit(city), phone=phone_number(8840))
    outside = make_member(make_organization(kind="city"), phone=phone_number(8841))
    with pytest.raises(DomainError) as refused:
        services.session_join(actor=outside, session=session)
    assert refused.value.code == "not-eligible"
    sign_in(client, outside)
    assert client.get(session.get_member_url()).status_code == 404
    assert session.title not in client.get(reverse("rights:law-find")).content.decode()
    client.logout()
    sign_in(client, inside)
    assert client.get(session.get_member_url()).status_code == 200


def test_the_members_own_unions_come_first_and_a_city_can_be_chosen(client, city):
    region = make_region("230200", "另一市")
    far = make_law_session(make_organization(kind="city", region=region), starts_at=timezone.now() + timedelta(days=1))
    online = make_law_session(starts_at=timezone.now() + timedelta(days=2), kind=SessionKind.ONLINE)
    own = make_law_session(city)
    sign_in(client, make_member(make_unit(city), phone=phone_number(8860)))
    assert list(client.get(reverse("rights:law-find")).context["object_list"]) == [own, online, far]
    blocks = client.get("/").context["blocks"]
    assert [block["context"]["session"] for block in blocks if "_law_" in block["template"]] == [own]
    chosen = client.get(reverse("rights:law-find"), {"region": region.pk}, headers={"HX-Request": "true"})
    assert list(chosen.context["object_list"]) == [far, online]
    assert chosen.content.decode().strip().startswith('<div id="list">')


def test_text_messages_do_not_name_the_session(city):
    from portal.messaging.texts import sms_templates

    mine = [template for code, template in sms_templates().items() if code.startswith("rights.")]
    assert len(mine) == 4
    assert all(parameter.name in ("day", "time") for template in mine for parameter in template.parameters)


def test_after_the_start_nobody_signs_up_and_it_is_not_opened(city, chair):
    begun = make_law_session(city, starts_at=timezone.now() - timedelta(minutes=5))
    with pytest.raises(DomainError) as refused:
        join(begun, make_member(make_unit(city)))
    assert refused.value.code == "not-eligible"
    late = make_law_session(city, starts_at=timezone.now() - timedelta(minutes=5), state=LawSessionState.DRAFT)
    with pytest.raises(DomainError) as refused:
        services.session_open(actor=chair, session=late)
    assert refused.value.code == "begun"


def test_own_data_erasing_merging_and_retention(city, chair):
    session = make_law_session(city, places_total=1)
    person, waiting = (make_member(make_unit(city), phone=phone_number(8850 + n)) for n in range(2))
    join(session, person, waiting)
    rows = next(source for source in own_data.SOURCES if source.code == "rights.sessions").rows(person)
    assert [row[0] for row in rows] == [session.title]
    assert dict(erasing.consequences(person)).popitem()[1] == 1
    erasing.erase(member=person, actor=chair)
    assert [(row.member, row.state) for row in session.signups.all()] == [(waiting, SignUpState.OFFERED)]
    target = make_organization(kind="city")
    counts = merging.absorb(actor=chair, source=city, target=target, on=timezone.localdate())
    session.refresh_from_db()
    assert (counts["law_sessions"], session.organization) == (1, target)
    rule = next(rule for rule in retention.RULES if rule.code == "rights.sessions")
    assert rule.purge(rule.find(session.ends_at + rule.keep - timedelta(days=1))) == 0
    assert rule.purge(rule.find(session.ends_at + rule.keep)) == 1
    assert not session.signups.exists()


def test_what_happened_is_in_the_audit(city, chair):
    session = make_law_session(city, state=LawSessionState.DRAFT)
    services.session_open(actor=chair, session=session)
    services.session_cancel(actor=chair, session=session, reason="场地维修")
    actions = AuditEntry.objects.all().about(session).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["rights.lawsession.open", "rights.lawsession.cancelled"]


def test_the_database_holds_one_sign_up_of_an_open_account(city):
    session, person = make_law_session(city), make_member(make_unit(city), phone=phone_number(8890))
    (row,) = join(session, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        LawSessionSignUp.objects.bulk_create([LawSessionSignUp(offering=session, member=person, pool="all", place=9)])
    row.refresh_from_db()
    assert row.state == SignUpState.CONFIRMED


def test_the_question_before_a_cancellation_says_who_is_told(client, city, chair):
    sign_in(client, chair)
    said = []
    for session in (make_law_session(city), make_law_session(city, starts_at=timezone.now() - timedelta(days=1))):
        page = client.get(reverse("rights:session-cancel", args=[session.pk])).content.decode()
        said.append("不会有人收到消息" in page)
    assert said == [False, True]
