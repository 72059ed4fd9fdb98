"""Every form with one wrong field at a time.

The answer is always in words, never a server error, and nothing is half-written.
"""

import re
import uuid
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import MatchEvent, Pair, Participation
from matchmaking.services.events import event_submit
from portal.core.roles import Role
from portal.members.choices import CodePurpose
from portal.members.models import Member, SignInCode
from portal.members.services.sign_in import code_send
from portal.messaging.channels import FileSms
from portal.organizations.models import Organization
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice, put_event
from tests.factories.members import (
    identity_number,
    make_child,
    make_entry,
    make_member,
    make_staff,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pages")]
URLENCODED = "application/x-www-form-urlencoded"
# Values for a field, already quoted for a request body.
VALUES = [
    "",
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    quote("张三", encoding="gbk"),
    quote("示" * 300),
    "x" * 300,
    "9" * 30,
    "9" * 5000,
    str(10**400),
    "1e400",
    "-1",
    "0",
    "NaN",
    "Infinity",
    "2026-02-30",
    "2026-02-30T10:00",
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31",
    "9999-12-31T23:59",
    "2026-11-30T24:61",
    quote("²"),
    quote("٣٣"),
    quote("１２"),
    quote("\u202e\u200b\ufeff"),
    quote("😀' OR 1=1 --<script>alert(1)</script>{{ 7*7 }}%s%n"),
    quote("\r\nSet-Cookie: a=b"),
    "%5B%5D",
    "true",
    "..%2F..%2Fetc%2Fpasswd",
]


# The values to try in a long form, by the kind of field.
TIMES = {"%00", "2026-02-30", "2026-02-30T10:00", "0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59"}
OTHERS = {"%00", "%ED%A0%80", "x" * 300, "9" * 30, str(10**400), "-1"}


def values_for(name, fields):
    """Return the values to put into a field.

    These are all values in a short form, and in a long form those that may break its kind of field.
    """
    if len(fields) <= 3:
        return VALUES
    chosen = TIMES if re.search(r"(_at|_on|_from|_until|^on)$", name) else OTHERS
    return [value for value in VALUES if value in chosen]


class Scene:
    """A city with its people, and the forms that they may fill in."""

    def __init__(self):
        self.city = make_organization(name="示例甲市总工会")
        self.unit = make_unit(self.city, name="示例甲厂工会")
        self.cadre = make_staff(self.city, role=Role.CADRE, phone=phone_number(1))
        self.chair = make_staff(self.city, role=Role.CHAIR, phone=phone_number(2))
        self.single = make_single(self.unit, phone=phone_number(3))

    def event(self, state=EventState.PUBLISHED, **fields):
        return make_event(self.city, state=state, created_by=self.cadre, **fields)


def signed_in(member):
    client = sign_in(Client(), member)
    session = client.session
    session["code_at"] = session["seen_at"]
    session.save()
    return client


def code_in(text):
    return re.search(r"\d{6}", text)[0]


def pending(member=None, purpose=CodePurpose.SIGN_IN, *, confirmed=False, client=None):
    """Return a client in the middle of signing in, with a code sent to a phone."""
    client = client or Client()
    row = code_send(phone=phone_number(44), purpose=purpose, address=uuid.uuid4().hex, member=member)
    if confirmed:
        SignInCode.objects.filter(pk=row.pk).update(confirmed_at=timezone.now())
    session = client.session
    session["sign_in"] = {"code": row.pk, "phone": "120****0044", "staff": member.pk if member else 0, "at": 2**40}
    session.save()
    return client


def event_fields(scene):
    now = timezone.localtime().replace(second=0, microsecond=0)
    days = {"starts_at": 6, "ends_at": 7, "signup_opens_at": 0, "signup_closes_at": 3}
    days |= {"choice_opens_at": 4, "choice_closes_at": 5}
    times = {name: (now + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M") for name, number in days.items()}
    numbers = {"men_quota": 2, "women_quota": 2, "choices_per_person": 3, "age_from": 20, "age_to": 40}
    return {
        "organization": scene.city.pk,
        "title": "活动",
        "summary": "话",
        "mode": "online",
        "target_group": "everyone",
        "table_minutes": 8,
        "place": "",
        **times,
        **numbers,
    }


def sign_in_form(scene):
    return Client(), reverse("members:sign-in"), {"phone": phone_number(4), "next": "/me/"}


def code_form(scene):
    return pending(), reverse("members:sign-in-code"), {"code": "123456"}


def activate_form(scene):
    make_entry(scene.unit, phone=phone_number(44))
    return pending(confirmed=True), reverse("members:sign-in-activate"), {"name": "123456"}


def staff_form(scene):
    return Client(), reverse("members:sign-in-staff"), {"login_name": "nobody", "password": "x", "next": "/"}


def factor_form(scene):
    return pending(scene.chair, CodePurpose.FACTOR), reverse("members:sign-in-factor"), {"code": "123456"}


def fresh_form(scene):
    client = pending(scene.single, CodePurpose.FRESH, client=signed_in(scene.single))
    return client, reverse("members:fresh-code"), {"code": "123456"}


def member_create(scene):
    return signed_in(scene.cadre), reverse("members:member-create"), {
        "organization": scene.unit.pk, "name": "示例新人", "sex": "female", "identity_number": identity_number(99),
        "phone": phone_number(99), "marital_status": "single",
    }  # fmt: skip


def member_update(scene):
    fields = {"name": "示例", "phone": phone_number(98), "marital_status": "single", "version": 1}
    return signed_in(scene.cadre), reverse("members:member-update", args=[scene.single.pk]), fields


def member_find(scene):
    return signed_in(scene.cadre), reverse("members:member-find"), {"term": "示例"}


def child_fields():
    return {"name": "示例孩子", "sex": "male", "born_on": "2020-05-04", "relation": "mother"}


def child_create(scene):
    return signed_in(scene.single), reverse("members:child-create"), {**child_fields(), "agree": "on"}


def child_update(scene):
    child = make_child(scene.single)
    return signed_in(scene.single), reverse("members:child-update", args=[child.pk]), {**child_fields(), "version": 1}


def child_care(scene):
    child = make_child(scene.single)
    fields = {"care_notes": "对花生过敏", "agree": "on", "version": 1}
    return signed_in(scene.single), reverse("members:child-care", args=[child.pk]), fields


def organization_fields():
    return {
        "name": "示例乙厂工会",
        "short_name": "",
        "region": "",
        "uscc": "",
        "employment_form": "standard",
        "founded_on": "",
    }


def organization_create(scene):
    fields = {**organization_fields(), "parent": scene.city.pk, "kind": "grassroots"}
    return signed_in(scene.cadre), reverse("organizations:organization-create"), fields


def organization_update(scene):
    fields = {**organization_fields(), "version": scene.unit.version}
    return signed_in(scene.cadre), reverse("organizations:organization-update", args=[scene.unit.pk]), fields


def organization_close(scene):
    path = reverse("organizations:organization-close", args=[scene.unit.pk])
    return signed_in(scene.cadre), path, {"on": timezone.localdate().isoformat()}


def event_create(scene):
    return signed_in(scene.cadre), reverse("matchmaking:event-create"), event_fields(scene)


def event_update(scene):
    event = scene.event(EventState.DRAFT)
    path = reverse("matchmaking:event-update", args=[event.pk])
    return signed_in(scene.cadre), path, {**event_fields(scene), "version": event.version}


def event_return(scene):
    event = event_submit(event=scene.event(EventState.DRAFT), actor=scene.cadre)
    return signed_in(scene.chair), reverse("matchmaking:event-return", args=[event.pk]), {"reason": "时间"}


def event_cancel(scene):
    return signed_in(scene.cadre), reverse("matchmaking:event-cancel", args=[scene.event().pk]), {"reason": "时间"}


def event_matchmakers(scene):
    path = reverse("matchmaking:event-matchmakers", args=[scene.event().pk])
    return signed_in(scene.cadre), path, {"members": scene.chair.pk}


def meet_join(scene):
    path = reverse("matchmaking:meet-join", args=[scene.event().slug])
    return signed_in(scene.single), path, {"line": "爱爬山", "agree": "on", "photo": ""}


def in_a_round(scene):
    event = scene.event()
    mine = make_participation(event, scene.single)
    other = make_participation(event, make_single(scene.unit, "male"))
    return open_choice(event), mine, other


def meet_choose(scene):
    event, _mine, other = in_a_round(scene)
    path = reverse("matchmaking:meet-choose", args=[event.slug])
    return signed_in(scene.single), path, {"chosen": other.pk, "order": other.pk}


def pair_agree(scene):
    event, mine, other = in_a_round(scene)
    put_event(event, EventState.REVEALED)
    low, high = sorted((mine, other), key=lambda row: row.pk)
    pair = Pair.objects.create(event=event, one=low, two=high, held_on=timezone.localdate())
    return (
        signed_in(scene.single),
        reverse("matchmaking:pair-detail", args=[pair.pk]),
        {"contact": "on", "matchmaker": ""},
    )


def import_start(scene):
    path = reverse("exchange:import-start", args=["members.roster"])
    return signed_in(scene.cadre), path, {"organization": scene.city.pk, "file": "words"}


def switch(scene):
    return signed_in(scene.cadre), reverse("web:switch"), {"organization": scene.city.pk, "next": "/"}


def theme(scene):
    return Client(), reverse("web:theme"), {"theme": "dark", "next": "/"}


def language(scene):
    return signed_in(scene.single), reverse("web:language"), {"language": "en", "next": "/"}


def admin_duty(scene):
    fields = {"member": scene.single.pk, "organization": scene.city.pk, "role": "cadre"}
    fields |= {"valid_from": timezone.localdate().isoformat(), "valid_until": ""}
    return signed_in(make_staff(scene.city, Role.SECURITY_ADMINISTRATOR)), "/admin/members/duty/add/", fields


def admin_organization(scene):
    path = f"/admin/organizations/organization/{scene.unit.pk}/change/"
    return signed_in(make_staff(scene.city, Role.SYSTEM_ADMINISTRATOR)), path, organization_fields()


def admin_find(scene):
    return signed_in(make_staff(scene.city, Role.SYSTEM_ADMINISTRATOR)), "/admin/members/member/find/", {"term": "示例"}


def admin_parameter(scene):
    fields = {"key": "a", "region": "", "value": "1", "unit": "", "valid_from": "2026-01-01", "source": "b"}
    return (
        signed_in(make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR)),
        "/admin/organizations/legalparameter/add/",
        fields,
    )


FORMS = [
    sign_in_form,
    code_form,
    activate_form,
    staff_form,
    factor_form,
    fresh_form,
    member_create,
    member_update,
    member_find,
    child_create,
    child_update,
    child_care,
    organization_create,
    organization_update,
    organization_close,
    event_create,
    event_update,
    event_return,
    event_cancel,
    event_matchmakers,
    meet_join,
    meet_choose,
    pair_agree,
    import_start,
    switch,
    theme,
    language,
    admin_duty,
    admin_organization,
    admin_find,
    admin_parameter,
]
ANSWERS = {200, 302, 400, 403, 404, 413, 422, 429}
# A version other than the row's own means that another edit came first.
OUTDATED = ANSWERS | {409}


@pytest.fixture
def scene(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    settings.SMS_DIR = tmp_path / "sms"
    return Scene()


def send(client, path, body):
    """Post a body whose writes are rolled back.

    Returns the status, or the error that was raised.
    """
    client.cookies, cookies = client.cookies.__class__(client.cookies.output(header="", sep=";")), client.cookies
    try:
        with transaction.atomic():
            try:
                return client.post(path, body, content_type=URLENCODED).status_code
            finally:
                transaction.set_rollback(True)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    finally:
        client.cookies = cookies


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_one_field_gone_wrong(scene, form):
    client, path, fields = form(scene)
    odd = []
    for name in fields:
        rest = urlencode({key: value for key, value in fields.items() if key != name})
        for value in values_for(name, fields):
            status = send(client, path, f"{rest}&{name}={value}")
            if status not in (OUTDATED if name == "version" else ANSWERS):
                odd.append((name, value[:40], status))
    # Also no fields at all, every field twice, and fields that the form does not have.
    body = urlencode(fields)
    for strange in ("", "&&&=&=", f"{body}&{body}", f"{body}&__class__=1&pk=1&state=closed&version=9"):
        status = send(client, path, strange)
        if status not in (OUTDATED if "version=9" in strange else ANSWERS):
            odd.append(("all", strange[:40], status))
    assert odd == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_the_form_as_such_is_taken(scene, form):
    """The control: the unchanged form is accepted, or answered in words."""
    client, path, fields = form(scene)
    status = send(client, path, urlencode(fields))
    asked = {"code_form", "activate_form", "staff_form", "factor_form", "fresh_form", "import_start"}
    assert status == (422 if form.__name__ in asked else 302)


def test_a_body_in_another_encoding_writes_no_broken_words(scene):
    client, path, fields = member_create(scene)
    body = urlencode(fields | {"name": "NAME"}).replace("NAME", quote("欧阳", encoding="gbk"))
    response = client.post(path, body, content_type=f"{URLENCODED}; charset=gbk")
    assert response.status_code in (302, 400, 415, 422)
    written = Member.objects.filter(organization=scene.unit).exclude(pk=scene.single.pk)
    assert [member.name for member in written] in ([], ["欧阳"])


@pytest.mark.parametrize("name", ["示" * 300, "x" * 300, "示" * 61], ids=["300", "300-latin", "61"])
def test_a_name_that_is_too_long_is_refused_in_words(scene, name):
    limits = {member_create: ("name", 60), organization_create: ("name", 100), event_create: ("title", 60)}
    for form, (field, limit) in limits.items():
        client, path, fields = form(scene)
        before = (Member.objects.count(), Organization.objects.count(), MatchEvent.objects.count())
        response = client.post(path, fields | {field: name})
        assert response.status_code == (422 if len(name) > limit else 302)
        if len(name) > limit:
            assert 'aria-invalid="true"' in response.content.decode()
            assert (Member.objects.count(), Organization.objects.count(), MatchEvent.objects.count()) == before


@pytest.mark.parametrize("area", ["110101", "230199", "000000", "650000"])
def test_an_unknown_area_code_is_no_reason_to_refuse(scene, area):
    client, path, fields = member_create(scene)
    number = identity_number(7, area=area)
    assert client.post(path, fields | {"identity_number": number}).status_code == 302
    assert Member.objects.get(name="示例新人").identity_number == number


@pytest.mark.parametrize(
    "born", ["20260230", "19951301", "19950000", "20990101", "18000101"], ids=lambda born: f"born-{born}"
)
def test_a_birth_date_that_cannot_be_is_refused(scene, born):
    client, path, fields = member_create(scene)
    response = client.post(path, fields | {"identity_number": identity_number(7, born=born)})
    assert response.status_code == 422
    assert not Member.objects.filter(name="示例新人").exists()


def test_choices_of_other_pages_are_not_taken(scene):
    """Choices that the page did not offer are refused.

    Ids from the member's own list, from another event, or of nobody: nothing is stored.
    """
    event, mine, other = in_a_round(scene)
    elsewhere = make_participation(scene.event(), make_single(scene.unit, "male"))
    client = signed_in(scene.single)
    path = reverse("matchmaking:meet-choose", args=[event.slug])
    woman = make_participation(event, make_single(scene.unit))
    for chosen in ([woman.pk], [elsewhere.pk], [mine.pk], [0], [2**63 - 1], [other.pk, other.pk], [other.pk, woman.pk]):
        assert client.post(path, {"chosen": chosen}).status_code == 422, chosen
        assert mine.choices.count() == 0
    assert client.post(path, {"chosen": [other.pk]}).status_code == 302
    assert mine.choices.count() == 1


def test_another_state_or_person_cannot_be_posted_in(scene):
    """Fields that are not in the form change nothing."""
    event = scene.event()
    client = signed_in(scene.single)
    extra = {"state": "confirmed", "member": scene.chair.pk, "pool": "men", "place": 1, "age": 18, "matchmaker": 1}
    client.post(reverse("matchmaking:meet-join", args=[event.slug]), {"line": "爱爬山", "agree": "on", **extra})
    row = Participation.objects.get()
    assert (row.member_id, row.pool, row.matchmaker_id, row.age > 18) == (scene.single.pk, "women", None, True)
    client = signed_in(scene.cadre)
    client.post(
        reverse("matchmaking:event-create"), event_fields(scene) | {"state": "published", "created_by": scene.chair.pk}
    )
    event = MatchEvent.objects.latest("pk")
    assert (event.state, event.created_by_id) == (EventState.DRAFT, scene.cadre.pk)


def test_codes_do_not_tell_who_is_known(scene):
    make_member(scene.unit, phone=phone_number(51))
    pages = []
    for phone in (phone_number(51), phone_number(52)):
        client = Client(REMOTE_ADDR="10.0.0.1")
        response = client.post(reverse("members:sign-in"), {"phone": phone}, follow=True)
        text = response.content.decode()
        pages.append(re.sub(r'120\*+\d{4}|nonce="[^"]+"|value="[^"]{64}"', "", text))
    assert pages[0] == pages[1]
    assert {len(code_in(sent["text"])) for sent in FileSms.sent()} == {6}
