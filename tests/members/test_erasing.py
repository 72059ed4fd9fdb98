"""An answered request for deletion erases the person.

The planted values are in no column, encrypted or not, and no figure changes.
"""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import Choice, ChoiceRound, EventMatchmaker, Pair, Participation
from matchmaking.selectors.events import event_figures
from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.fields import EncryptedTextField
from portal.core.roles import Role
from portal.exchange.choices import FileKind
from portal.exchange.services.files import file_store
from portal.members.choices import DataRequestState, IdentityKind, MaritalStatus
from portal.members.consents import Purpose
from portal.members.models import Child, Consent, Duty, Member
from portal.members.services.appointments import duty_give
from portal.members.services.consents import consent_give
from portal.members.services.data_requests import data_request_open, data_request_settle
from portal.members.services.erasing import erasures_repeat, member_erase
from portal.members.services.invitations import invitation_send
from portal.members.services.people import member_update
from portal.messaging.models import Message
from portal.messaging.services.choosing import mailbox_set
from portal.messaging.services.messages import message_post
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import make_event, make_participation, open_choice, put_event
from tests.factories.members import (
    identity_number,
    make_authenticator,
    make_child,
    make_duty,
    make_member,
    make_staff,
    make_vouching,
    sign_in,
)
from tests.factories.organizations import make_organization, make_province, make_unit

NAME = "金丝雀之名"
PHONE = "12000000555"
NUMBER = identity_number(55, born="19921224")
BORN = "1992-12-24"
LINE = "金丝雀之句喜欢爬山"
WORDS = "金丝雀之愿请删除"
ANSWER = "金丝雀之复已删除"
ADDRESS = "jinsique@example.org"
CHILD = "金丝雀之子"
CARE = "金丝雀之子对花生过敏"
CANARIES = (NAME, PHONE, NUMBER, BORN, LINE, WORDS, ANSWER, ADDRESS, CHILD, CARE)


def planted():
    """Return the canaries in any column of any table, with encrypted columns decrypted."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            text = cursor.fetchone()[0] or ""
            found |= {canary for canary in CANARIES if canary in text}
    for model in apps.get_models():
        sealed = [field.attname for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        for row in model._default_manager.all() if sealed else ():
            text = "\n".join(getattr(row, name) or "" for name in sealed)
            found |= {canary for canary in CANARIES if canary in text}
    return found


@pytest.fixture
def city(db):
    return make_organization()


@pytest.fixture
def chair(city):
    return make_staff(city)


@pytest.fixture
def person(city):
    return make_member(
        make_unit(city),
        name=NAME,
        phone=PHONE,
        identity_kind=IdentityKind.RESIDENT,
        identity_number=NUMBER,
        birth_date=date.fromisoformat(BORN),
        marital_status=MaritalStatus.SINGLE,
    )


@pytest.fixture
def held(city, chair, person):
    """A revealed event at which the person has a card with a photo and a mutual choice."""
    event = make_event(city, created_by=chair)
    photo = file_store(actor=person, name="card.jpg", chunks=[b"x"], kind=FileKind.PICTURE, content_type="image/jpeg")
    hers = make_participation(event, person, line=LINE, photo=photo)
    his = make_participation(event, sex=Sex.MALE)
    one, two = sorted((hers, his), key=lambda row: row.pk)
    Pair.objects.create(event=event, one=one, two=two, held_on=timezone.localdate())
    return put_event(event, EventState.REVEALED)


@pytest.fixture
def traces(city, chair, person, held):
    """Create everything else that may hold data of the person."""
    make_duty(person, city, Role.EDITOR, valid_from=timezone.localdate() - timedelta(days=5))
    make_authenticator(person)
    invitation_send(actor=chair, member=person)
    make_vouching(city, name=NAME, identity_number=NUMBER, phone=PHONE, member=person)
    consent_give(member=person, purpose=Purpose("a.b", 1, "x", ("y",)))
    message_post(kind="members.phone", to=person)
    message_post(kind="members.vouched", to=person, context={"organization": city.name}, channels=("in_app", "sms"))
    mailbox_set(actor=person, address=ADDRESS)
    make_child(person, name=CHILD, care_notes=CARE)


def ask(person):
    return data_request_open(member=person, kind="delete", words=WORDS)


def settle(row, chair, outcome=DataRequestState.DONE):
    return data_request_settle(row=row, actor=chair, outcome=outcome, answer=ANSWER)


def figures(event, city):
    """Return the figures from which a statistic may be counted."""
    people = Member.objects.filter(organization__path__startswith=city.path).order_by("pk")
    return (
        event_figures(event),
        list(Participation.objects.filter(offering=event).order_by("pk").values_list("state", "pool", "age")),
        Pair.objects.count(),
        list(people.values_list("sex", "birth_year", "organization")),
        people.exclude(activated_at=None).count(),
    )


def test_after_it_no_column_holds_anything_of_her_and_no_figure_changes(
    django_capture_on_commit_callbacks, traces, city, chair, person, held
):
    row = ask(person)
    assert planted() == set(CANARIES) - {ANSWER}
    before = figures(held, city)
    with django_capture_on_commit_callbacks(execute=True):
        settle(row, chair)
    assert planted() == set()
    assert figures(held, city) == before
    gone = Member.objects.get(pk=person.pk)
    assert (gone.is_active, gone.login_key, gone.has_usable_password()) == (False, None, False)
    assert gone.erased_at is not None
    assert not Duty.objects.current().filter(member=gone).exists()
    assert not Consent.objects.standing().filter(member=gone).exists()
    assert not Child.objects.exists()
    assert Participation.objects.get(member=gone).photo is None
    assert not Message.objects.filter(recipient=gone).exists()
    assert AuditEntry.objects.about(gone).filter(action="member.erase").count() == 1
    assert NAME not in "".join(letter.body for letter in mail.outbox)


def test_she_leaves_what_is_under_way_and_her_choices_go(city, chair, person):
    event = make_event(city, created_by=chair, women_quota=1)
    hers = make_participation(event, person, line=LINE)
    next_in_line = make_participation(event, state=SignUpState.WAITLISTED)
    settle(ask(person), chair)
    assert Participation.objects.get(pk=hers.pk).state == SignUpState.WITHDRAWN
    assert Participation.objects.get(pk=next_in_line.pk).state == SignUpState.OFFERED


def test_a_choice_of_hers_is_deleted(city, chair, person):
    event = make_event(city, created_by=chair)
    hers = make_participation(event, person, line=LINE)
    open_choice(event)
    Choice.objects.create(round=ChoiceRound.objects.get(), chooser=hers, rank=1, token=b"0" * 32)
    settle(ask(person), chair)
    assert not Choice.objects.exists()


def test_whom_she_accompanied_is_shared_out_anew(city, chair, person):
    event = make_event(city, created_by=chair)
    card = make_participation(event)
    hers = EventMatchmaker.objects.create(event=event, member=person, valid_from=timezone.localdate())
    other = EventMatchmaker.objects.create(event=event, member=make_member(city), valid_from=timezone.localdate())
    Participation.objects.filter(pk=card.pk).update(matchmaker=hers)
    settle(ask(person), chair)
    assert Participation.objects.get(pk=card.pk).matchmaker == other


def test_she_is_told_once_more_by_the_number_that_goes(
    django_capture_on_commit_callbacks, settings, tmp_path, chair, person
):
    settings.SMS_BACKEND, settings.SMS_DIR = "portal.messaging.channels.FileSms", tmp_path
    row = ask(person)
    with django_capture_on_commit_callbacks(execute=True):
        settle(row, chair)
    (sent,) = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert PHONE in sent


def test_refused_it_erases_nothing(traces, chair, person):
    settle(ask(person), chair, DataRequestState.REFUSED)
    assert Member.objects.get(pk=person.pk).name == NAME
    assert Message.objects.filter(recipient=person, kind="members.data_request_settled").exists()


def test_a_correction_erases_nothing(chair, person):
    settle(data_request_open(member=person, kind="correct", words=WORDS), chair)
    assert Member.objects.get(pk=person.pk).name == NAME


def test_an_administrator_hands_her_duty_over_first(chair, person):
    duty_give(actor=None, member=person, organization=make_province(), role=Role.SYSTEM_ADMINISTRATOR)
    row = ask(person)
    with pytest.raises(DomainError) as refusal:
        settle(row, chair)
    assert refusal.value.code == "administrator"
    row.refresh_from_db()
    assert row.state == DataRequestState.OPEN
    assert Member.objects.get(pk=person.pk).name == NAME


def test_nobody_erases_herself_or_twice(chair, person):
    with pytest.raises(DomainError) as refusal:
        member_erase(member=person, actor=person)
    assert refusal.value.code == "own"
    member_erase(member=person, actor=chair)
    with pytest.raises(DomainError) as refusal:
        member_erase(member=person, actor=chair)
    assert refusal.value.code == "erased"
    gone = Member.objects.get(pk=person.pk)
    with pytest.raises(DomainError) as refusal:
        member_update(actor=chair, member=gone, version=gone.version, name="x")
    assert refusal.value.code == "erased"


def test_what_a_request_under_way_wrote_goes_with_the_clock(city, chair, person):
    member_erase(member=person, actor=chair)
    event = make_event(city, created_by=chair)
    late = make_participation(event, line=LINE)
    Participation.objects.filter(pk=late.pk).update(member=person)
    message_post(kind="members.phone", to=person)
    assert erasures_repeat() == 1
    assert Participation.objects.get(pk=late.pk).line == ""
    assert not Message.objects.filter(recipient=person).exists()


def test_in_the_browser_the_desk_reads_what_goes_first(client, traces, chair, person):
    row = ask(person)
    sign_in(client, chair)
    path = reverse("members:request-settle", args=[row.pk])
    page = client.get(path)
    assert len(page.context["items"]) == 6
    assert Member.objects.get(pk=person.pk).name == NAME
    assert client.post(path, {"outcome": "done", "answer": ANSWER}).status_code == 302
    page = client.get(reverse("members:member-detail", args=[person.pk])).content.decode()
    assert reverse("members:member-update", args=[person.pk]) not in page
    assert client.get(reverse("members:member-update", args=[person.pk])).status_code == 403
    assert client.get(row.get_absolute_url()).status_code == 200
    listed = client.get(reverse("members:member-list")).context["table"].page.object_list
    assert person.pk not in [shown.record.pk for shown in listed]
