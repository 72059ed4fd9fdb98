"""Self-service shows a person only their own rows.

Tested are other people's numbers, tokens and links, and rights that end during an open session.
"""

from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from portal.core.roles import Role
from portal.members.models import Consent, DataRequest, Duty, Member
from portal.messaging.models import Mailbox, Message
from portal.messaging.services.choosing import SALT
from tests.access.world import ask, build, client_of
from tests.factories.members import make_member, make_staff
from tests.factories.organizations import make_organization, make_unit
from tests.layout.addresses import addresses
from tests.layout.objects import Home

pytestmark = pytest.mark.django_db

# Addresses of rows that belong to one person; anyone else finds nothing, whether of the same unit or not, staff or not.
OWN = {
    "matchmaking:block-lift",
    "matchmaking:case-contact",
    "matchmaking:case-detail",
    "matchmaking:case-introduce",
    "matchmaking:case-suggestions",
    "matchmaking:case-update",
    "matchmaking:couple-confirm",
    "matchmaking:couple-leave",
    "matchmaking:demand-withdraw",
    "matchmaking:introduction-contact",
    "matchmaking:introduction-detail",
    "matchmaking:introduction-end",
    "matchmaking:introduction-feedback",
    "matchmaking:introduction-guide",
    "matchmaking:introduction-guide-end",
    "matchmaking:introduction-guide-time",
    "matchmaking:introduction-met",
    "matchmaking:introduction-time",
    "matchmaking:introduction-together",
    "matchmaking:meet-photo",
    "matchmaking:nomination-answer",
    "matchmaking:nomination-take-back",
    "matchmaking:pair-detail",
    "matchmaking:pair-quiet",
    "matchmaking:pair-say",
    "matchmaking:single-ask",
    "matchmaking:single-block",
    "matchmaking:single-detail",
    "matchmaking:single-photo",
    "matchmaking:single-photo-remove",
    "matchmaking:single-report-about",
    "members:child-care",
    "members:child-remove",
    "members:child-update",
    "members:consent-withdraw",
    "members:request-detail",
    "members:request-withdraw",
    "messaging:mailbox-confirm",
    "messaging:message-open",
    "messaging:todo-delegation-end",
}


@pytest.fixture
def home():
    city = make_organization()
    return Home(city=city, chair=make_staff(city))


@pytest.mark.parametrize("name", sorted(OWN))
def test_another_persons_row_is_not_there(home, name):
    address = next(address for address in addresses() if address.name == name)
    asked = build(address, home)
    others = [make_member(home.city), make_member(), make_staff(make_organization())]
    for client in map(client_of, others):
        for method in ("GET", "POST"):
            cell, written, _response = ask(client, method, asked.path(address))
            assert (cell in ("404", "405"), written) == (True, set()), (method, cell)
    own = [ask(client_of(asked.person), method, asked.path(address))[0] for method in ("GET", "POST")]
    assert "404" not in own
    assert {"200", "302"} & set(own)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Message, "messaging:message-open"),
        (Consent, "members:consent-withdraw"),
        (DataRequest, "members:request-detail"),
    ],
)
def test_guessed_numbers_open_nothing(home, model, name):
    address = next(address for address in addresses() if address.name == name)
    pk = build(address, home).arguments["pk"]
    client = client_of(make_member(home.city))
    method = "GET" if name.endswith("detail") else "POST"
    found = {ask(client, method, reverse(name, args=[number]))[0] for number in range(max(pk - 5, 0), pk + 6)}
    assert found == {"404"}
    assert model.objects.filter(pk=pk).exists()


def mailbox(home):
    address = next(address for address in addresses() if address.name == "messaging:mailbox-confirm")
    asked = build(address, home)
    return asked, Mailbox.objects.get(member=asked.person)


@pytest.mark.parametrize("salt", ["", "other", "django.core.signing", "members.invitation"])
def test_a_link_signed_for_another_purpose_opens_nothing(home, salt):
    asked, box = mailbox(home)
    token = signing.dumps({"pk": box.pk, "index": box.address_index[:16]}, salt=salt)
    cell, written, _response = ask(client_of(asked.person), "POST", reverse("messaging:mailbox-confirm", args=[token]))
    assert (cell, written) == ("404", set())


def test_a_link_that_was_changed_opens_nothing(home):
    asked, _box = mailbox(home)
    token = asked.arguments["token"]
    client = client_of(asked.person)
    for place in (0, len(token) // 2, len(token) - 2):
        changed = token[:place] + ("a" if token[place] != "a" else "b") + token[place + 1 :]
        assert ask(client, "POST", reverse("messaging:mailbox-confirm", args=[changed]))[0] == "404"


def test_a_link_names_one_address_of_one_person(home):
    """A link is valid for one address of one person.

    Here the mailbox is the person's own, but the letter went to another address.
    """
    asked, box = mailbox(home)
    wrong = signing.dumps({"pk": box.pk, "index": "0" * 16}, salt=SALT)
    client = client_of(asked.person)
    assert ask(client, "POST", reverse("messaging:mailbox-confirm", args=[wrong]))[0] == "404"


@pytest.mark.parametrize(("seconds_left", "cell"), [(60, "302"), (-2, "404")])
def test_a_link_ends_with_its_day(home, monkeypatch, seconds_left, cell):
    asked, box = mailbox(home)
    Mailbox.objects.filter(pk=box.pk).update(confirmed_at=None)
    signed_at = timezone.now().timestamp() - 24 * 3600 + seconds_left
    with monkeypatch.context() as then:
        then.setattr(signing.time, "time", lambda: signed_at)
        token = signing.dumps({"pk": box.pk, "index": box.address_index[:16]}, salt=SALT)
    answer, written, _response = ask(
        client_of(asked.person), "POST", reverse("messaging:mailbox-confirm", args=[token])
    )
    assert (answer, "messaging_mailbox" in written) == (cell, cell == "302")


def end(member):
    today = timezone.localdate()
    Duty.objects.filter(member=member).update(valid_from=today - timedelta(days=1), valid_until=today)


def disable(member):
    Member.objects.filter(pk=member.pk).update(is_active=False)


def transfer(member):
    """Move the member's duty to another city."""
    end(member)
    place = make_organization()
    Duty.objects.create(member=member, organization=place, role=Role.CHAIR, valid_from=timezone.localdate())


# Fact -> (what happens, answers of list, row and POST before it, answers of the next requests of the same open
# session).
FACTS = {
    "ended": (end, ["200", "200", "422"], ["404", "404", "404"]),
    "disabled": (disable, ["200", "200", "422"], ["in", "in", "in"]),
    "transferred": (transfer, ["200", "200", "422"], ["200", "404", "404"]),
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_right_that_ends_is_gone_with_the_next_request_of_an_open_session(home, fact):
    happens, before, after = FACTS[fact]
    chair, row = make_staff(home.city), make_member(make_unit(home.city))
    client = client_of(chair)
    update = reverse("members:member-update", args=[row.pk])
    asks = [("GET", reverse("members:member-list")), ("GET", update), ("POST", update)]
    assert [ask(client, method, path)[0] for method, path in asks] == before
    happens(chair)
    assert [ask(client, method, path)[0] for method, path in asks] == after


def test_an_administrator_whose_duty_ended_is_out_of_the_admin(home):
    keeper = make_staff(home.city, Role.SYSTEM_ADMINISTRATOR)
    client = client_of(keeper)
    path = reverse("admin:members_member_changelist")
    assert ask(client, "GET", path)[0] == "200"
    end(keeper)
    assert ask(client, "GET", path)[0] != "200"
