"""Taking a person over from another unit.

It is only said that the person is known elsewhere, without organisation or name; their unit or they themselves confirm
it, or it expires.
"""

import contextlib
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.choices import IdentityKind, TransferState, VouchingState
from portal.members.models import Duty, Member, Transfer
from portal.members.reminders import transfer_waiting
from portal.members.services.transfers import (
    transfer_ask,
    transfer_confirm,
    transfer_refuse,
    transfer_withdraw,
    transfers_expire,
)
from portal.members.services.vouching import standing_prolong
from portal.members.todo import items_for
from portal.messaging.models import Message
from portal.organizations.selectors import working_calendar
from tests.factories.members import (
    identity_number,
    make_duty,
    make_entry,
    make_member,
    make_staff,
    make_transfer,
    make_vouching,
    sign_in,
)
from tests.factories.organizations import make_organization, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
NUMBER = identity_number(77)


@pytest.fixture
def old():
    return make_unit(name="示例旧厂工会")


@pytest.fixture
def new():
    return make_unit(name="示例新厂工会")


@pytest.fixture
def keeper(old):
    return make_staff(old, Role.CADRE)


@pytest.fixture
def asker(new):
    return make_staff(new, Role.CADRE)


@pytest.fixture
def person(old):
    return make_member(
        old, name="示例调动人", identity_kind=IdentityKind.RESIDENT, identity_number=NUMBER, phone="12000000777"
    )


@pytest.fixture
def asked(asker, new, person, keeper):
    return transfer_ask(actor=asker, organization=new, identity_number=NUMBER)


@contextlib.contextmanager
def refused(code):
    with pytest.raises(DomainError) as raised:
        yield
    assert raised.value.code == code


def messages(name):
    return set(Message.objects.filter(kind=f"members.{name}", channel="in_app").values_list("recipient", flat=True))


def fresh(member):
    return Member.objects.get(pk=member.pk)


def test_her_unit_and_she_are_told_and_the_day_is_counted_in_working_days(asked, keeper, person):
    assert (asked.state, asked.from_organization) == (TransferState.ASKED, person.organization)
    assert working_calendar().working_days_between(timezone.localdate(), asked.due_on) == 15
    assert messages("transfer_asked") == {keeper.pk}
    assert messages("transfer_yours") == {person.pk}
    assert [item.url for item in items_for(fresh(keeper))] == [asked.get_absolute_url()]
    assert AuditEntry.objects.about(asked).get().action == "transfer.ask"


@pytest.mark.parametrize("who", ["chair", "person"])
def test_confirmed_she_moves_and_her_standing_is_vouched_anew(asked, asker, person, old, new, who):
    actor = fresh(make_staff(old) if who == "chair" else person)
    at_old = make_duty(person, old, Role.EDITOR, valid_from=timezone.localdate() - timedelta(days=9))
    above = make_duty(person, old.parent, Role.EDITOR)
    transfer_confirm(transfer=asked, actor=actor)
    row, moved = Transfer.objects.get(), fresh(person)
    assert (row.state, row.decided_by_id) == (TransferState.CONFIRMED, actor.pk)
    assert (moved.organization, moved.standing_until) == (new, timezone.localdate())
    assert list(Member.objects.all().standing_over()) == [moved]
    assert Duty.objects.get(pk=at_old.pk).valid_until == timezone.localdate()
    assert Duty.objects.get(pk=above.pk).valid_until is None
    assert messages("transfer_settled") == {asker.pk}
    entry = AuditEntry.objects.about(moved).get(action="member.transfer")
    assert entry.data == {"transfer": row.pk, "from": old.pk, "to": new.pk, "duties": 1}
    standing_prolong(actor=fresh(asker), member=moved, until=timezone.localdate() + timedelta(days=30))
    assert not Member.objects.all().standing_over().exists()


def test_another_request_for_her_ends_when_one_is_confirmed(asked, keeper, person):
    third = make_unit()
    other = make_transfer(person, third, asked_by=make_staff(third, Role.CADRE))
    transfer_confirm(transfer=asked, actor=fresh(keeper))
    assert Transfer.objects.get(pk=other.pk).state == TransferState.EXPIRED
    assert messages("transfer_settled") == {asked.asked_by_id, other.asked_by_id}


def test_refused_with_a_reason_nothing_moves(asked, keeper, person, old, asker):
    transfer_refuse(transfer=asked, actor=fresh(keeper), reason="仍在我单位工作")
    assert Transfer.objects.get().reason == "仍在我单位工作"
    assert fresh(person).organization == old
    assert messages("transfer_settled") == {asker.pk}


def test_who_may_not_decide(asked, asker, new, person, old):
    for stranger in (asker, make_staff(make_organization()), make_member(old), make_staff(old, Role.REVIEWER)):
        with refused("not-yours"):
            transfer_confirm(transfer=asked, actor=fresh(stranger))
        with refused("not-yours"):
            transfer_refuse(transfer=asked, actor=fresh(stranger), reason="x")
    with refused("not-yours"):
        transfer_withdraw(transfer=asked, actor=fresh(person))
    assert fresh(person).organization == old
    assert Transfer.objects.get().state == TransferState.ASKED


def test_whoever_reaches_both_does_not_confirm_what_she_asked(person, new):
    root = make_staff(new.parent.parent)
    row = transfer_ask(actor=root, organization=new, identity_number=NUMBER)
    with refused("not-yours"):
        transfer_confirm(transfer=row, actor=fresh(root))
    assert items_for(fresh(root)) == []


@pytest.mark.parametrize("state", [state for state in TransferState if state != TransferState.ASKED])
def test_what_is_settled_stays(person, new, keeper, asker, old, state):
    row = make_transfer(person, new, state=state, asked_by=asker, reason="–")
    for action in (
        lambda: transfer_confirm(transfer=row, actor=fresh(keeper)),
        lambda: transfer_refuse(transfer=row, actor=fresh(keeper), reason="x"),
        lambda: transfer_withdraw(transfer=row, actor=fresh(asker)),
    ):
        with refused("no-such-step"):
            action()
    assert fresh(person).organization == old


def test_what_cannot_be_asked_for(asker, new, old, person, asked):
    with refused("asked"):
        transfer_ask(actor=asker, organization=new, identity_number=NUMBER)
    with refused("unknown"):
        transfer_ask(actor=asker, organization=new, identity_number=identity_number(78))
    with refused("unknown"):
        transfer_ask(actor=asker, organization=old, identity_number=NUMBER)
    with refused("own"):
        transfer_ask(actor=person, organization=new, identity_number=NUMBER)
    with pytest.raises(DomainError):
        transfer_ask(actor=asker, organization=new, identity_number="123")
    assert Transfer.objects.count() == 1


def test_thirty_tries_a_day(asker, new):
    for _try in range(30):
        with refused("unknown"):
            transfer_ask(actor=asker, organization=new, identity_number=NUMBER)
    with pytest.raises(DomainError) as raised:
        transfer_ask(actor=asker, organization=new, identity_number=NUMBER)
    assert raised.value.status == 429


def test_she_moved_meanwhile(asked, keeper, person):
    Member.objects.filter(pk=person.pk).update(organization=make_unit())
    with refused("moved"):
        transfer_confirm(transfer=asked, actor=fresh(keeper))


def test_it_runs_out_and_is_reminded_of_before(asked, keeper, person, asker):
    today = timezone.localdate()
    Transfer.objects.update(due_on=today + timedelta(days=3))
    assert {due.to for due in transfer_waiting(timezone.now())} == {person, keeper}
    assert transfers_expire() == 0
    Transfer.objects.update(due_on=today - timedelta(days=1))
    assert list(transfer_waiting(timezone.now())) == []
    assert (transfers_expire(), transfers_expire()) == (1, 0)
    assert Transfer.objects.get().state == TransferState.EXPIRED
    assert messages("transfer_settled") == {asker.pk}


def test_each_side_sees_what_it_needs(client, asked, asker, keeper, person, old, new):
    pages = {
        who: sign_in(client, fresh(one)).get(asked.get_absolute_url()).content.decode()
        for who, one in (("asker", asker), ("keeper", keeper), ("person", person))
    }
    assert (person.name in pages["asker"], old.name in pages["asker"]) == (False, False)
    assert (person.name in pages["keeper"], new.name in pages["keeper"]) == (True, False)
    assert (old.name in pages["person"], new.name in pages["person"]) == (True, True)
    assert NUMBER not in "".join(pages.values())
    lists = {
        who: sign_in(client, fresh(one)).get(reverse("members:transfer-list")).content.decode()
        for who, one in (("asker", asker), ("keeper", keeper))
    }
    assert (person.name in lists["asker"], old.name in lists["asker"]) == (False, False)
    assert (person.name in lists["keeper"], new.name in lists["keeper"]) == (True, False)
    stranger = make_staff(make_organization())
    for name in ("detail", "confirm", "refuse", "withdraw"):
        path = reverse(f"members:transfer-{name}", args=[asked.pk])
        assert sign_in(client, stranger).get(path).status_code == 404
    assert sign_in(client, fresh(asker)).get(reverse("members:transfer-confirm", args=[asked.pk])).status_code == 403
    assert sign_in(client, fresh(keeper)).get(reverse("members:transfer-withdraw", args=[asked.pk])).status_code == 403
    reviewer = make_staff(old, Role.REVIEWER)
    assert sign_in(client, reviewer).get(reverse("members:transfer-create")).status_code == 403


def test_from_the_form_of_a_new_entry_to_the_end(client, asker, keeper, person, new):
    sign_in(client, asker)
    typed = {
        "organization": new.pk,
        "name": "示例调动人",
        "sex": "female",
        "identity_number": NUMBER,
        "phone": "12000000778",
        "marital_status": "unknown",
    }
    page = client.post(reverse("members:member-create"), typed)
    assert page.status_code == 422
    address = page.context["transfer_url"]
    assert NUMBER not in address
    form = client.get(address).context["form"]
    assert form["identity_number"].value() == NUMBER
    sent = client.post(address, {"organization": new.pk, "identity_number": NUMBER})
    row = Transfer.objects.get()
    assert sent.headers["Location"] == row.get_absolute_url()
    sign_in(client, person)
    assert row.get_absolute_url() in client.get(reverse("members:me")).content.decode()
    path = reverse("members:transfer-confirm", args=[row.pk])
    assert client.get(path).status_code == 200
    assert fresh(person).organization != new
    assert client.post(path).status_code == 302
    assert fresh(person).organization == new
    assert messages("transfer_left") == {keeper.pk}
    assert client.get(row.get_absolute_url()).status_code == 200


def test_a_number_on_her_own_roster_leads_to_no_transfer(client, keeper, person, old):
    sign_in(client, keeper)
    typed = {
        "organization": old.pk,
        "name": "示例调动人",
        "sex": "female",
        "identity_number": NUMBER,
        "phone": "12000000778",
        "marital_status": "unknown",
    }
    page = client.post(reverse("members:member-create"), typed)
    assert (page.status_code, page.context["transfer_url"]) == (422, "")


def test_from_a_request_to_vouch(client, asker, keeper, person, new):
    vouching = make_vouching(new, identity_number=NUMBER)
    sign_in(client, asker)
    page = client.get(vouching.get_absolute_url()).content.decode()
    path = reverse("members:vouching-transfer", args=[vouching.pk])
    assert path in page
    assert client.post(path).status_code == 302
    row = Transfer.objects.get()
    assert (row.vouching, row.member) == (vouching, person)
    assert fresh(person).organization != new
    vouching.refresh_from_db()
    assert vouching.state == VouchingState.ASKED


def test_refusing_and_taking_back_in_the_browser(client, asked, keeper, asker, person, new):
    sign_in(client, fresh(keeper))
    path = reverse("members:transfer-refuse", args=[asked.pk])
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "仍在职"}).status_code == 302
    sign_in(client, fresh(asker))
    assert "仍在职" in client.get(asked.get_absolute_url()).content.decode()
    again = make_transfer(person, new, asked_by=asker)
    assert client.post(reverse("members:transfer-withdraw", args=[again.pk])).status_code == 302
    assert Transfer.objects.get(pk=again.pk).state == TransferState.WITHDRAWN


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, keeper, old, new):
    sign_in(client, fresh(keeper))
    path = reverse("members:transfer-list")
    counts = []
    for _number in range(2):
        make_transfer(make_entry(old), new)
        counts.append(queries_of(client, path))
        make_transfer(make_entry(old), new)
    assert counts[0] == counts[1] <= 15
