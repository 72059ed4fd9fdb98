"""The journey from a roster to a mutual choice, in real Chromium with web server, worker and beat.

The people are a cadre, the chair and four singles.
"""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import expect

from matchmaking.choices.events import EventState
from matchmaking.models import Choice, MatchEvent, Pair, Participation
from portal.core.choices import Sex
from portal.core.roles import Role
from portal.members.models import Member
from portal.members.services.passwords import password_set
from portal.messaging.models import Message
from portal.organizations.choices import OrganizationKind
from portal.signups.choices import SignUpState
from tests.browser import DESK, PHONE
from tests.factories.matchmaking import declare, make_law
from tests.factories.members import identity_number, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit
from tests.journey.walk import PASSWORD

REFUSED_FORM = "status of 422"
CADRE, CHAIR = phone_number(9001), phone_number(9002)
UNITS = ("示例纺织厂工会", "示例中心医院工会", "示例第一中学工会")
# name -> (phone, identity number, sex, unit)
PEOPLE = {
    "示例林一": (phone_number(1), identity_number(1), Sex.FEMALE, UNITS[0]),
    "示例林二": (phone_number(2), identity_number(2), Sex.FEMALE, UNITS[1]),
    "示例林三": (phone_number(3), identity_number(3), Sex.FEMALE, UNITS[2]),
    "示例高一": (phone_number(4), identity_number(4, sex=Sex.MALE), Sex.MALE, UNITS[0]),
    "示例高二": (phone_number(5), identity_number(5, sex=Sex.MALE), Sex.MALE, UNITS[1]),
    "示例高三": (phone_number(6), identity_number(6, sex=Sex.MALE), Sex.MALE, UNITS[2]),
}


def say(words, language="zh-hans"):
    """Return a text of the pages in the reader's language."""
    with translation.override(language):
        return translation.gettext(words)


def local(moment):
    """Return a moment in the format of a browser's date-and-time field."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def photograph():
    """Return a photograph as a phone sends it, in JPEG."""
    out = io.BytesIO()
    Image.effect_mandelbrot((640, 480), (-2, -1.5, 1, 1.5), 60).convert("RGB").save(out, "JPEG")
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture(scope="module")
def city(stack):
    """A city with a county and three units, its cadre and its chair."""
    with stack.orm():
        make_law()
        city = make_organization(name="示例甲市总工会")
        county = make_organization(parent=city, kind=OrganizationKind.COUNTY, name="示例县总工会")
        for name, parent in zip(UNITS, (city, city, county), strict=True):
            make_unit(parent, name=name)
        for login_name, phone, role in (("cadre-city", CADRE, Role.CADRE), ("chair-city", CHAIR, Role.CHAIR)):
            member = make_staff(city, role=role, name=f"示例{Role(role).label}"[:6], phone=phone)
            password_set(actor=None, member=member, login_name=login_name, password=PASSWORD)
    return city


def filled(template, people):
    """Return the downloaded template with a row for each of ``people``: (unit, name, sex, number, phone)."""
    template.seek(0)
    book = load_workbook(template)
    sheet = book.worksheets[0]
    headings = [str(cell.value).strip(" *") for cell in sheet[1]]
    wanted = [
        say(words) for words in ("Unit", "Full name", "Sex", "Identity number", "Mobile number", "Marital status")
    ]
    assert headings == wanted
    for unit, name, sex, number, phone in people:
        sheet.append([unit, name, say("Female") if sex == Sex.FEMALE else say("Male"), number, phone, ""])
    out = io.BytesIO()
    book.save(out)
    return {"name": "单身职工名册.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}


def upload(desk, file):
    desk.go("/exchange/members.roster/")
    desk.page.set_input_files("input[type=file]", file)
    desk.send()
    expect(desk.page).to_have_url(re.compile(r"/exchange/runs/\d+/$"))


def import_the_roster(desk):
    """Download the template and import the roster.

    A list with wrong rows is refused row by row; the corrected list is imported.
    """
    desk.go("/exchange/members.roster/")
    with desk.page.expect_download() as coming:
        desk.page.locator("a[href$='/template/']").click()
    template = io.BytesIO(coming.value.path().read_bytes())
    lines = [(unit, name, sex, number, phone) for name, (phone, number, sex, unit) in PEOPLE.items()]
    wrong = list(lines)
    wrong[1] = ("没有这个单位工会", *wrong[1][1:])
    wrong[3] = (*wrong[3][:3], wrong[3][3][:-1] + ("0" if wrong[3][3][-1] != "0" else "1"), wrong[3][4])
    wrong[4] = (*wrong[4][:4], "12000")
    upload(desk, filled(template, wrong))
    expect(desk.page.locator("#faults-title")).to_be_visible(timeout=30_000)
    rows = desk.page.locator("table tbody tr")
    expect(rows).to_have_count(3)
    faults = [row.split("\t") for row in rows.all_inner_texts()]
    shown = [(fault[0], re.sub(r"\s.*", "", fault[1], flags=re.DOTALL)) for fault in faults]
    assert shown == [("3", say("Unit")), ("5", say("Identity number")), ("6", say("Mobile number"))]
    assert all(fault[3] for fault in faults)
    assert [fault[4] for fault in faults[:2] if fault[4].strip() in ("", "–")] == []
    assert wrong[3][3] not in desk.look()
    upload(desk, filled(template, lines))
    desk.page.locator("form[action$='/confirm/'] button").click(timeout=30_000)
    expect(desk.page.locator(".note-success")).to_be_visible(timeout=30_000)
    desk.look()
    people = desk.go("/members/")
    assert [name for name in PEOPLE if name not in people] == []
    assert not any(phone in people or number in people for phone, number, _sex, _unit in PEOPLE.values())


def plan_the_event(desk):
    """Fill in and submit the form of the event; return its address."""
    desk.go("/matchmaking/events/new/")
    now = timezone.now()
    desk.page.fill("#id_title", "会聚良缘示例专场")
    desk.page.fill("#id_summary", "线上相识，三轮破冰小游戏。")
    times = {
        "starts_at": now + timedelta(days=6),
        "ends_at": now + timedelta(days=5),
        "signup_opens_at": now - timedelta(hours=1),
        "signup_closes_at": now + timedelta(days=3),
        "choice_opens_at": now + timedelta(days=4),
        "choice_closes_at": now + timedelta(days=5),
    }
    for name, moment in times.items():
        desk.page.fill(f"#id_{name}", local(moment))
    desk.page.fill("#id_men_quota", "2")
    desk.page.fill("#id_women_quota", "1")
    desk.send()
    assert say("The event must end after it begins.") in desk.text
    assert desk.page.input_value("#id_title") == "会聚良缘示例专场"
    desk.page.fill("#id_ends_at", local(now + timedelta(days=7)))
    desk.send()
    expect(desk.page).to_have_url(re.compile(r"/matchmaking/events/\d+/$"))
    address = desk.page.url
    step(desk, "submit")
    assert say("Waiting for approval") in desk.text
    return address


def step(desk, name):
    """Take a step of the shown event by its button or from its menu, and confirm it."""
    link = desk.page.locator(f"a[href$='/{name}/']").first
    if not link.is_visible():
        desk.page.locator(".page-actions summary").click()
    link.click()
    desk.look()
    desk.send()


def publish_the_event(desk, address):
    """Publish the approved event and return its link.

    The poster shows a QR code, and volunteers are chosen as matchmakers.
    """
    desk.go(address)
    step(desk, "publish")
    desk.page.locator("a[href$='/poster/']").click()
    desk.look()
    code = desk.page.locator("img.poster-code")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.complete && image.naturalWidth > 0")
    link = desk.page.locator(".poster-link").inner_text()
    desk.go(address + "matchmakers/")
    boxes = desk.page.locator("input[name=members]")
    assert boxes.count() == 2
    for number in range(2):
        boxes.nth(number).check()
    desk.send()
    return link


def join(single, link, name, line, photo=None):
    """Go from the link on the poster to the completed form; nothing is sent yet."""
    phone, number, _sex, _unit = PEOPLE[name]
    single.stack.issue_cards((phone, name, number))
    with single.stack.orm():
        # The declaration of being single was confirmed before.
        declare(Member.objects.get(name=name))
    single.go(link)
    assert say("Who can see your information") in single.text
    single.page.locator("a[href$='/join/']").click()
    single.look()
    single.sign_in(phone, name)
    expect(single.page).to_have_url(re.compile(r"/join/$"))
    single.page.fill("#id_line", line)
    if photo:
        single.page.set_input_files("#id_photo", photo)


def choose(single, link, numbers):
    """Select exactly the cards with these numbers, in this order, and save the choice."""
    single.go(link)
    single.page.locator("a[href$='/choose/']").click()
    single.look()
    boxes = single.page.locator("input[name=chosen]")
    for index in range(boxes.count()):
        boxes.nth(index).set_checked(False)
    for number in numbers:
        single.page.locator(".person", has_text=number).locator("input[name=chosen]").check()
    single.send("form.choose-form")


def test_the_journey(stack, city, walker, watch):
    watch.allow(REFUSED_FORM)
    desk, chair = walker(DESK), walker(DESK)
    desk.sign_in_staff("cadre-city", CADRE)
    desk_from = len(desk.pages) - 1
    import_the_roster(desk)
    address = plan_the_event(desk)

    home = chair.sign_in_staff("chair-city", CHAIR)
    assert "会聚良缘示例专场" in home
    chair.go(address)
    step(chair, "approve")
    link = publish_the_event(desk, address)
    with stack.orm():
        event = MatchEvent.objects.get(title="会聚良缘示例专场")
        assert (event.state, event.matchmakers.count()) == (EventState.PUBLISHED, 2)

    # The only place for women: pressing the button twice makes one sign-up.
    first, second = walker(PHONE), walker(PHONE)
    join(first, link, "示例林一", "周末喜欢徒步，也喜欢做菜")
    first.page.check("#id_agree")
    first.page.locator("main form.portal-form .btn-primary").dblclick()
    expect(first.page).to_have_url(re.compile(r"/joined/$"))
    assert say("Your place is confirmed") in first.look()

    join(second, link, "示例林二", "会拉二胡")
    # The browser requires the tick; the server must require it too.
    second.page.evaluate("document.querySelector('main form.portal-form').noValidate = true")
    second.send()
    assert say("To take part, please tick the box to agree.") in second.text
    assert second.page.input_value("#id_line") == "会拉二胡"
    second.page.check("#id_agree")
    # Without the script that prevents a second press, the server has to recognise the repeated sign-up.
    second.page.evaluate(
        """async () => {
          const form = document.querySelector("main form.portal-form");
          const send = () => fetch(location.href, {method: "POST", body: new FormData(form)});
          await Promise.all([send(), send(), send()]);
        }"""
    )
    second.go(link + "joined/")
    assert say("You are on the waiting list") in second.text

    men = [walker(PHONE), walker(PHONE)]
    join(men[0], link, "示例高一", "爱看老电影", photograph())
    join(men[1], link, "示例高二", "周末打羽毛球")
    for man in men:
        man.page.check("#id_agree")
        man.send()
        expect(man.page).to_have_url(re.compile(r"/joined/$"))
        assert say("Your place is confirmed") in man.text
    with stack.orm():
        rows = list(Participation.objects.order_by("pool", "place").values_list("member__name", "state"))
    assert rows == [
        ("示例高一", SignUpState.CONFIRMED),
        ("示例高二", SignUpState.CONFIRMED),
        ("示例林一", SignUpState.CONFIRMED),
        ("示例林二", SignUpState.WAITLISTED),
    ]

    # One participant leaves; the person on the waiting list is offered the place and accepts it.
    first.go(link)
    first.page.locator("a.btn[href$='/leave/']").click()
    first.look()
    first.send()
    second.go("/messages/")
    second.page.locator("article.message .btn").first.click()
    assert say("A place is held for you") in second.look()
    second.page.locator("a[href$='/accept/']").click()
    second.look()
    second.send()

    desk.go(address)
    step(desk, "close-sign-up")
    step(desk, "open-choice")

    with stack.orm():
        numbers = {row.member.name: row.number for row in Participation.objects.select_related("member")}
    choose(second, link, [numbers["示例高二"], numbers["示例高一"]])
    second.page.locator("a[href$='/choose/']").click()
    second.page.wait_for_load_state()
    order = second.page.input_value("input[name=order]").split(",")
    cards = {box.get_attribute("value"): box for box in second.page.locator("input[name=chosen]").all()}
    shown = [cards[pk].locator("xpath=ancestor::article").inner_text() for pk in order]
    assert [numbers["示例高二"] in shown[0], numbers["示例高一"] in shown[1], len(order)] == [True, True, 2]
    assert "示例高" not in second.text
    assert not any(unit in second.text for unit in UNITS)
    portrait = second.page.locator(".person-photo img")
    expect(portrait).to_have_count(1)
    portrait.scroll_into_view_if_needed()
    # A condition written here would be evaluated in the page, which its content security policy forbids.
    expect(portrait).not_to_have_js_property("naturalWidth", 0)
    choose(second, link, [numbers["示例高一"]])
    choose(men[0], link, [numbers["示例林二"]])
    choose(men[1], link, [numbers["示例林二"]])

    desk.go(address)
    step(desk, "reveal")
    with stack.orm():
        assert (Choice.objects.count(), Pair.objects.count()) == (0, 1)
        told = {}
        for name, kind in Message.objects.filter(kind__startswith="matchmaking.reveal").values_list(
            "recipient__name", "kind"
        ):
            told.setdefault(name, []).append(kind)
    assert told == {
        "示例林二": ["matchmaking.reveal_match"],
        "示例高一": ["matchmaking.reveal_match"],
        "示例高二": ["matchmaking.reveal_none"],
    }

    # The two agree one after the other, and only then see each other's name and number.
    for single, other in ((second, "示例高一"), (men[0], "示例林二")):
        single.go(link)
        single.page.locator("a[href*='/pairs/']").click()
        assert other not in single.look()
        single.page.check("#id_contact")
        single.send()
    for single, other in ((second, "示例高一"), (men[0], "示例林二")):
        single.page.reload()
        assert other in single.look()
        assert PEOPLE[other][0] in single.text
    assert say("Thank you for taking part") in men[1].go(link)
    desk.go(address + "pairs/")
    assert not any(name in desk.text for name in PEOPLE)

    # Nothing of it stays in the browser.
    for one, since in ((desk, desk_from), (second, len(second.pages) - 5), (men[0], len(men[0].pages) - 5)):
        one.assert_nothing_is_stored(since)
        stored = one.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
        assert [word for name, facts in PEOPLE.items() for word in (name, *facts[:2]) if word in stored] == []
    desk.go("/members/")
    second.page.reload()
    for one, secret in ((desk, "示例林二"), (second, "示例高一")):
        assert secret in one.text
        one.sign_out()
        one.page.go_back()
        one.page.wait_for_load_state()
        assert secret not in one.text
        assert PEOPLE[secret][0] not in one.text
