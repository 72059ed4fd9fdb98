"""The pages of singles and the staff pages about them.

Who reads what, limits, two taps to safety, number of queries.
"""

import re

import pytest
from django.test import override_settings
from django.urls import reverse

from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.profiles import PhotoAudience, ProfileState
from matchmaking.choices.safety import ReportKind, ReportState
from matchmaking.models import AbuseReport, Block, Introduction, SingleProfile
from matchmaking.services.introductions import introduction_ask
from matchmaking.services.safety import block_set
from matchmaking.views.desk.profiles import ProfileListView
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.exchange.storage import HELD_PICTURE
from portal.members.choices import MaritalStatus
from portal.members.models import Member
from portal.messaging.models import Message
from portal.organizations.choices import OrganizationKind
from tests.factories.matchmaking import make_event, make_participation, make_single
from tests.factories.matchmaking_singles import (
    make_appeal,
    make_couple,
    make_hobby,
    make_introduction,
    make_photo,
    make_profile,
    make_report,
)
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
OK, FORBIDDEN, MISSING, REDIRECT, TOO_MANY = 200, 403, 404, 302, 429
DESK, MEMBER = 15, 10


def url(name, *args):
    return reverse(f"matchmaking:{name}", args=args)


def words_of(client, reader, path):
    response = sign_in(client, reader).get(path)
    assert response.status_code == OK, path
    return response.content.decode()


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def county(city):
    return make_organization(parent=city, kind=OrganizationKind.COUNTY)


@pytest.fixture
def unit(county):
    return make_unit(county)


@pytest.fixture
def desk(city, county, unit):
    return {
        "visitor": None,
        "member": make_member(unit),
        "neighbour": make_staff(make_organization()),
        "own unit": make_staff(unit),
        "cadre": make_staff(county, role=Role.CADRE),
        "county": make_staff(county),
        "city": make_staff(city),
        "editor": make_staff(city, role=Role.EDITOR),
        "province": make_staff(make_province()),
    }


def answers(client, people, path):
    found = {}
    for who, person in people.items():
        client.logout()
        if person is not None:
            sign_in(client, person)
        found[who] = client.get(path).status_code
    return found


def expected(**differing):
    usual = dict.fromkeys(("member", "neighbour", "own unit", "cadre", "editor"), MISSING) | {"visitor": REDIRECT}
    usual |= dict.fromkeys(("county", "city", "province"), OK)
    return usual | {name.replace("_", " "): status for name, status in differing.items()}


@pytest.mark.parametrize("page", ["detail", "confirm", "refuse"])
def test_who_vets(client, desk, unit, page):
    profile = make_profile(unit=unit, state=ProfileState.UNIT_VETTING)
    assert answers(client, desk, url(f"vetting-{page}", profile.pk)) == expected()
    SingleProfile.objects.filter(pk=profile.pk).update(vetting_organization=unit)
    assert answers(client, desk, url(f"vetting-{page}", profile.pk)) == expected(own_unit=OK)


def test_who_vets_reads_no_words(client, desk, unit):
    profile = make_profile(
        make_single(unit, name="示例钱多多"),
        state=ProfileState.UNIT_VETTING,
        nickname="小满",
        about="喜欢爬山",
        hopes="温柔",
        hobbies=[make_hobby("滑雪")],
    )
    photo = make_photo(profile)
    pages = [url("vetting-list"), url("vetting-detail", profile.pk), url("vetting-confirm", profile.pk)]
    for path in pages:
        words = words_of(client, desk["county"], path)
        assert not any(word in words for word in ("小满", "爬山", "温柔", "滑雪", "钱多多", "/photos/")), path
    assert "示**" in words_of(client, desk["county"], url("vetting-detail", profile.pk))
    assert client.get(url("single-photo", photo.pk)).status_code == MISSING


def test_the_list_leads_to_who_waits(client, desk, unit):
    profile = make_profile(unit=unit, state=ProfileState.UNIT_VETTING)
    assert f'href="{url("vetting-detail", profile.pk)}"' in words_of(client, desk["county"], url("vetting-list"))


def test_confirming_and_refusing_by_page(client, desk, unit):
    confirmed, refused = (make_profile(unit=unit, state=ProfileState.UNIT_VETTING) for _ in range(2))
    sign_in(client, desk["county"])
    until = client.get(url("vetting-confirm", confirmed.pk)).context["form"].initial["until"]
    assert client.post(url("vetting-confirm", confirmed.pk), {"until": until.isoformat()}).status_code == REDIRECT
    assert client.post(url("vetting-refuse", refused.pk), {"reason": "名册不符"}).status_code == REDIRECT
    states = dict(SingleProfile.objects.values_list("pk", "state"))
    assert states == {confirmed.pk: ProfileState.VERIFIED, refused.pk: ProfileState.REFUSED}


LISTS = {"vetting-list": FORBIDDEN, "appeal-list": FORBIDDEN, "report-list": FORBIDDEN}


@pytest.mark.parametrize("page", LISTS)
def test_lists_of_judgement(client, desk, page):
    wanted = expected(neighbour=OK, own_unit=OK, cadre=FORBIDDEN, editor=FORBIDDEN)
    assert answers(client, desk, url(page)) == wanted


@pytest.mark.parametrize("page", ["profile-list", "plan-show"])
def test_profiles_are_listed_above_the_units_alone(client, desk, page):
    wanted = expected(neighbour=OK, own_unit=FORBIDDEN, cadre=OK, editor=FORBIDDEN)
    assert answers(client, desk, url(page)) == wanted


def test_a_hidden_single_is_in_no_row_count_or_export_of_her_places(client, rf, city, county, unit):
    """The single is hidden from the county: its chair neither sees nor counts them, but the city does."""
    her = make_profile(make_single(unit, name="示例钱多多"), nickname="小满")
    her.hidden_from.add(county)
    shown = make_profile(unit=unit)
    for reader, wanted in ((make_staff(county), [shown]), (make_staff(city), [shown, her])):
        response = sign_in(client, reader).get(url("profile-list"))
        assert {row.record.pk for row in response.context["table"].rows} == {row.pk for row in wanted}
        counts = {state: number for state, _words, number in response.context["counts"]}
        assert counts["active"] == len(wanted)
        request = rf.get(url("profile-list"))
        request.user, request.htmx, request.session = reader, False, {}
        view = ProfileListView()
        view.setup(request)
        assert set(view.get_queryset()) == set(wanted)
    colleague = make_profile(unit=unit, sex=Sex.MALE)
    chair = make_staff(unit)
    for reader in (colleague.member, chair):
        for path in ("/", url("single-list"), url("single-suggestions"), url("meet-list")):
            assert "小满" not in words_of(client, reader, path), path
        assert client.get(url("single-detail", her.pk)).status_code == MISSING
        assert client.get(url("single-report-about", "single", her.pk)).status_code == MISSING
    assert client.get(url("vetting-list")).context["table"].page.paginator.count == 0


def test_the_list_of_profiles_shows_no_words(client, city, unit):
    make_profile(make_single(unit, name="示例钱多多"), nickname="小满", about="喜欢爬山")
    words = words_of(client, make_staff(city), url("profile-list"))
    assert not any(word in words for word in ("小满", "爬山", "钱多多"))
    assert "示**" in words


def test_appeals_are_judged_above_and_never_by_who_refused(client, desk, unit, city):
    refused = make_profile(unit=unit, state=ProfileState.REFUSED, vetted_by=desk["city"])
    row = make_appeal(refused, organization=city)
    assert answers(client, desk, url("appeal-detail", row.pk)) == expected(county=MISSING)
    assert answers(client, desk, url("appeal-decide", row.pk)) == expected(county=MISSING, city=FORBIDDEN)


def test_reports_are_handled_above_both_units(client, desk, unit):
    row = make_report(make_single(unit), make_single(unit))
    assert answers(client, desk, url("report-detail", row.pk)) == expected()
    elsewhere = make_report(make_single(unit), make_single(make_unit()))
    assert answers(client, desk, url("report-detail", elsewhere.pk)) == expected(county=MISSING, city=MISSING)


def test_a_report_is_read_by_who_takes_it_on(client, desk, unit):
    row = make_report(make_single(unit), make_single(unit), words="他向我借钱")
    path = url("report-detail", row.pk)
    assert "借钱" not in words_of(client, desk["county"], path)
    client.post(url("report-take", row.pk))
    assert "借钱" in words_of(client, desk["county"], path)
    assert "借钱" not in words_of(client, desk["city"], path)
    response = sign_in(client, desk["city"]).post(
        url("report-settle", row.pk), {"settled_as": "unfounded", "answer": "x"}
    )
    assert (response.status_code, AbuseReport.objects.get(pk=row.pk).state) == (422, ReportState.HANDLING)


def test_a_report_found_true_holds_the_profile_and_answers_the_reporter(client, desk, unit):
    her = make_profile(unit=unit)
    reporter = make_single(unit)
    row = make_report(reporter, her.member)
    sign_in(client, desk["county"])
    client.post(url("report-take", row.pk))
    client.post(url("report-settle", row.pk), {"settled_as": "substantiated", "answer": "已核实处理", "hold": "on"})
    her.refresh_from_db()
    assert (her.held, her.state) == (True, ProfileState.PAUSED)
    told = set(Message.objects.values_list("recipient", "kind"))
    assert {(reporter.pk, "matchmaking.report_settled"), (her.member_id, "matchmaking.single_held")} <= told
    assert "已核实处理" in words_of(client, reporter, url("single-reports"))
    sign_in(client, desk["county"]).post(url("report-unhold", row.pk))
    her.refresh_from_db()
    assert not her.held


def test_who_is_part_of_a_report_does_not_handle_it(client, county, unit):
    chair = make_staff(county)
    row = make_report(make_single(unit), chair, kind=ReportKind.HARASSMENT)
    sign_in(client, chair)
    assert client.get(url("report-detail", row.pk)).status_code == MISSING
    assert row.organization.kind == OrganizationKind.CITY


def member_pages(her, him, event):
    names = (
        "list",
        "suggestions",
        "home",
        "about",
        "wishes",
        "hobbies",
        "photos",
        "found",
        "units",
        "blocks",
        "report",
    )
    return [
        *(url(f"single-{name}") for name in names),
        url("single-detail", him.pk),
        url("meet-list"),
        event.get_member_url(),
    ]


def test_from_any_page_two_taps_lead_to_safety(client, city):
    her, him = make_couple(city)
    event = make_event(city)
    make_participation(event, her.member)
    blocked = make_profile(sex=Sex.MALE)
    block_set(actor=her.member, blocked=blocked.member, label="某人")
    wanted = [reverse("members:member-readers"), url("single-leave"), url("single-report")]
    for path in member_pages(her, him, event):
        words = words_of(client, her.member, path)
        assert [link for link in wanted if f'href="{link}"' not in words] == [], path
    block = Block.objects.get()
    assert url("single-report-about", "block", block.pk) in words_of(client, her.member, url("single-report"))


def test_after_a_block_one_still_reports(client):
    her, him = make_couple()
    sign_in(client, her.member)
    client.post(url("single-block", him.pk))
    assert client.get(url("single-detail", him.pk)).status_code == MISSING
    path = url("single-report-about", "block", Block.objects.get().pk)
    assert client.post(path, {"kind": "money", "words": "借钱"}).status_code == REDIRECT
    assert AbuseReport.objects.get().about_id == him.member_id
    assert not Message.objects.filter(recipient=him.member).exists()


def test_somebody_at_an_event_is_reported_by_number(client, city):
    event = make_event(city)
    mine, other = make_participation(event), make_participation(event, sex=Sex.MALE)
    sign_in(client, mine.member)
    path = url("single-report-about", "event", mine.pk)
    assert client.post(path, {"kind": "money", "words": "x", "number": "M999"}).status_code == 422
    client.post(path, {"kind": "money", "words": "x", "number": other.number.lower(), "block": "on"})
    assert AbuseReport.objects.get().about_id == other.member_id
    assert Block.objects.filter(blocker=mine.member, blocked=other.member).count() == 1


def test_after_leaving_the_next_search_list_and_suggestion_is_without_her(client, city):
    her, him = make_couple(city, nickname="小满")
    assert "小满" in words_of(client, him.member, url("single-list"))
    sign_in(client, her.member).post(url("single-leave"))
    for path in (url("single-list"), url("single-suggestions")):
        assert "小满" not in words_of(client, him.member, path)
    rows = sign_in(client, make_staff(city)).get(url("profile-list")).context["table"].rows
    assert {row.record.pk for row in rows} == {him.pk}


def test_filters_narrow_and_wishes_are_said_to_widen(client):
    her = make_profile(wish_height_from=180)
    tall = make_profile(sex=Sex.MALE, height_cm=185, nickname="高个子")
    short = make_profile(sex=Sex.MALE, height_cm=165, nickname="小个子", hobbies=[make_hobby("滑雪")])
    response = sign_in(client, her.member).get(url("single-list"))
    assert [card.profile for card in response.context["fitting"]] == [tall]
    assert [card.profile for card in response.context["others"]] == [short]
    hobby = short.hobbies.get().pk
    for query, wanted in ((f"hobbies={hobby}", short), ("height_from=170", tall), ("age_to=99&height_to=170", short)):
        context = client.get(f"{url('single-list')}?{query}").context
        assert [card.profile for card in [*context["fitting"], *context["others"]]] == [wanted], query


def test_a_card_names_no_person_unit_or_number(client):
    her, him = make_couple()
    Member.objects.filter(pk=him.member_id).update(name="示例钱多多")
    words = words_of(client, her.member, url("single-detail", him.pk)) + words_of(
        client, her.member, url("single-list")
    )
    assert not any(word in words for word in ("钱多多", him.member.organization.name))
    SingleProfile.objects.filter(pk=him.pk).update(unit_shown=True)
    assert him.member.organization.label in words_of(client, her.member, url("single-detail", him.pk))


@pytest.mark.parametrize(
    ("setting", "page"), [("MATCHMAKING_SEARCHES_PER_HOUR", "list"), ("MATCHMAKING_CARDS_PER_HOUR", "card")]
)
def test_scraping_is_stopped(client, setting, page):
    her, him = make_couple()
    path = url("single-list") if page == "list" else url("single-detail", him.pk)
    sign_in(client, her.member)
    with override_settings(**{setting: 2}):
        assert [client.get(path).status_code for _ in range(3)] == [OK, OK, TOO_MANY]


def test_nothing_of_it_is_stored_on_the_way(client):
    her, him = make_couple()
    sign_in(client, her.member)
    for path in (url("single-list"), url("single-detail", him.pk), url("single-home")):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_a_photo_opens_as_its_owner_allows(client):
    her, him = make_couple(photo_audience=PhotoAudience.MUTUAL)
    photo = make_photo(her)
    path = url("single-photo", photo.pk)
    assert sign_in(client, him.member).get(path).status_code == MISSING
    make_introduction(her, him, IntroductionState.AGREED)
    response = client.get(path)
    assert (response.status_code, b"".join(response.streaming_content)[:2]) == (OK, b"\xff\xd8")
    assert sign_in(client, make_staff(make_province())).get(path).status_code == MISSING


def test_a_photo_the_virus_scanner_did_not_answer_about_is_an_hourglass_to_everybody(client, settings):
    settings.CLAMD = "/nonexistent/clamd"
    her, him = make_couple(photo_audience=PhotoAudience.MUTUAL)
    photo = make_photo(her)
    make_introduction(her, him, IntroductionState.AGREED)
    for reader in (him.member, her.member):
        response = sign_in(client, reader).get(url("single-photo", photo.pk))
        assert (response["Content-Type"], response.content) == ("image/svg+xml", HELD_PICTURE)
    page = client.get(url("single-photos"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The virus scan is running" in page


def test_asking_asks_the_other_and_names_nobody(client):
    her, him = make_couple()
    sign_in(client, her.member)
    assert client.post(url("single-ask", him.pk)).status_code == REDIRECT
    row = Introduction.objects.get()
    assert (row.state, row.asked_by, getattr(row, f"{row.side(her.member)}_answer")) == (
        IntroductionState.ASKED,
        her.member,
        "yes",
    )
    assert getattr(row, f"{row.side(him.member)}_answer") == "open"
    message = Message.objects.get(recipient=him.member)
    assert (message.kind, message.context) == ("matchmaking.introduction_asked", {})
    assert client.post(url("single-ask", him.pk)).status_code == 422
    assert Introduction.objects.count() == 1


def test_whom_she_does_not_find_she_cannot_ask():
    her, him = make_couple(wish_height_from=180, wish_height_hard=True)
    with pytest.raises(DomainError) as refusal:
        introduction_ask(member=him.member, profile=her)
    assert refusal.value.code == "gone"
    assert not Introduction.objects.exists()


def test_a_plan_proposes_by_number_and_nickname_and_keeps_apart(client, city):
    pairs = [make_couple(city) for _ in range(2)]
    (her, him), (anna, bert) = pairs
    block_set(actor=her.member, blocked=him.member, label="x")
    block_set(actor=anna.member, blocked=bert.member, label="x")
    chair = make_staff(city)
    response = sign_in(client, chair).get(url("plan-show"), {"area": city.pk})
    plan = response.context["plan"]
    assert {(row.man, row.woman) for row in plan.proposals} == {
        (f"{him.pk} · {him.nickname}", f"{anna.pk} · {anna.nickname}"),
        (f"{bert.pk} · {bert.nickname}", f"{her.pk} · {her.nickname}"),
    }
    words = response.content.decode()
    assert not any(row.member.name in words for pair in pairs for row in pair)
    file = client.post(url("plan-download"), {"area": city.pk})
    assert (file.status_code, b"".join(file.streaming_content)[:2]) == (OK, b"PK")


def test_a_plan_of_an_event_goes_by_card_number(client, city):
    event = make_event(city)
    rows = [make_participation(event), make_participation(event, sex=Sex.MALE)]
    response = sign_in(client, make_staff(city)).get(url("plan-show"), {"event": event.pk})
    assert [(row.man, row.woman) for row in response.context["plan"].proposals] == [(rows[1].number, rows[0].number)]


def test_the_whole_way_of_a_single_by_page(client, unit, county):
    """Step by step from nothing to being found, with a county of its own that vets."""
    region = make_profile(make_single()).region
    her = make_single(unit, name="示例周小满", declared=False, marital_status=MaritalStatus.SINGLE)
    hobby = make_hobby()
    sign_in(client, her)
    about = {"nickname": "小满", "about": "喜欢做饭", "region": region.pk, "version": 0}
    assert client.post(url("single-about"), about).url == url("single-wishes")
    wishes = {"version": 1, "wish_age_from": 25, "wish_age_to": 35, "wish_age_hard": "on"}
    assert client.post(url("single-wishes"), wishes).url == url("single-hobbies")
    assert client.post(url("single-hobbies"), {"version": 2, "hobbies": [hobby.pk]}).url == url("single-photos")
    found = {"version": 3, "photo_audience": "mutual", "hidden_from_own_unit": "on"}
    assert client.post(url("single-found"), found).url == url("single-check")
    assert "小满" in client.get(url("single-check")).content.decode()
    sent = {"vetted_by": "above", "single": "on", "found": "on", "signature": "示例周小满"}
    assert client.post(url("single-check"), sent).url == url("single-sent")
    assert client.get(url("single-sent")).status_code == OK
    profile = SingleProfile.objects.get(member=her)
    assert (profile.state, profile.vetting_organization, profile.wish_age_hard) == (
        ProfileState.UNIT_VETTING,
        county,
        True,
    )


def test_todo_names_what_waits_and_for_whom(client, desk, unit, county):
    profile = make_profile(unit=unit, state=ProfileState.UNIT_VETTING)
    report = make_report(make_single(unit), make_single(unit))
    appeal = make_appeal(make_profile(unit=unit, state=ProfileState.REFUSED), organization=county)
    words = words_of(client, desk["county"], "/")
    links = (url("vetting-detail", profile.pk), url("report-detail", report.pk), url("appeal-detail", appeal.pk))
    assert [link for link in links if link not in words] == []
    own = words_of(client, desk["own unit"], "/")
    assert [link for link in links if link in own] == []


PAGES = {
    "list": MEMBER,
    "suggestions": MEMBER,
    "home": MEMBER,
    "blocks": MEMBER,
    "report": MEMBER,
    "leave": MEMBER,
    "detail": MEMBER,
}


@pytest.mark.parametrize("page", PAGES)
def test_member_pages_ask_the_same_however_many_rows(client, page):
    her = make_profile()

    def more(number):
        for _ in range(number):
            him = make_profile(sex=Sex.MALE, photo_audience=PhotoAudience.VERIFIED, hobbies=[make_hobby()])
            make_photo(him)
            block_set(actor=her.member, blocked=make_single(make_unit()), label="x")
        sign_in(client, her.member)
        return queries_of(client, url(f"single-{page}", *([him.pk] if page == "detail" else [])))

    few, many = more(1), more(3)
    assert few == many
    assert many <= PAGES[page]


@pytest.mark.parametrize("page", ["vetting-list", "appeal-list", "report-list", "profile-list", "plan-show"])
def test_desk_pages_ask_the_same_however_many_rows(client, city, page):
    chair = make_staff(city)

    def more(number):
        for _ in range(number):
            make_profile(unit=make_unit(city))
            make_profile(unit=make_unit(city), state=ProfileState.UNIT_VETTING)
            make_appeal(make_profile(unit=make_unit(city), state=ProfileState.REFUSED), organization=city)
            make_report(make_single(make_unit(city)), make_single(make_unit(city)))
        sign_in(client, chair)
        return queries_of(client, url(page))

    few, many = more(1), more(3)
    assert few == many
    assert many <= DESK


def test_addresses_hold_no_name():
    assert re.fullmatch(r"/matchmaking/singles/\d+/", make_profile().get_absolute_url())
