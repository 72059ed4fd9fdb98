"""Only the invited can see a restricted event.

No list, page, export, poster or photo shows it to others.
"""

import pytest
from django.urls import reverse

from matchmaking import consents
from matchmaking.choices.events import EventState
from matchmaking.models import Invitation, MatchEvent, Participation
from matchmaking.services.events import event_publish
from matchmaking.services.invitations import invitation_add, invitation_remove, invitations_tell
from matchmaking.services.participations import event_join, event_leave
from matchmaking.services.reviewing import place_offer
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.exchange.choices import FileKind
from portal.exchange.selectors import list_open
from portal.exchange.services.files import file_store
from portal.members.choices import MaritalStatus
from portal.messaging.models import Message
from tests.factories.matchmaking import LINE, make_event, make_participation, make_single, put_event
from tests.factories.matchmaking_library import make_invitation
from tests.factories.members import make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
TITLE, UNIT = "界碑旁的约定", "示例某部边防连"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    settings.PRIVATE_STORAGE_DIR = tmp_path / "files"


@pytest.fixture
def place():
    return Place()


class Place:
    """A city with a restricted event, an invited soldier, and people who must not find the event."""

    def __init__(self):
        self.city = make_organization()
        self.unit = make_unit(self.city, name=UNIT)
        self.event = make_event(self.city, title=TITLE, restricted=True, men_quota=9, women_quota=9)
        self.invited = make_single(self.unit, Sex.MALE)
        make_invitation(self.event, self.invited)
        self.row = make_participation(self.event, self.invited, unit=self.unit)
        self.colleague = make_single(self.unit)
        self.stranger = make_single(make_unit(make_organization()))
        self.own_unit = make_staff(self.unit)
        self.other_city = make_staff(make_organization())

    def outsiders(self):
        return (None, self.colleague, self.stranger, self.own_unit, self.other_city)


def address_of(page, event, *extra):
    return reverse(f"matchmaking:{page}", args=[event.slug if page.startswith("meet") else event.pk, *extra])


MEET = ("meet-detail", "meet-join", "meet-joined", "meet-accept", "meet-agree", "meet-leave", "meet-choose")
DESK = (
    "event-detail",
    "event-participants",
    "event-pairs",
    "event-invitations",
    "event-poster",
    "event-poster-file",
    "event-qr",
    "event-sheet",
    "event-document",
    "event-costs",
    "event-letters",
    "event-review",
    "event-add",
)


def test_the_link_is_dead_for_whoever_is_not_invited(client, place):
    for reader in place.outsiders():
        client.logout()
        if reader is not None:
            sign_in(client, reader)
        answers = {page: client.get(address_of(page, place.event)).status_code for page in MEET}
        of_nothing = {page: client.get(reverse(f"matchmaking:{page}", args=["x" * 12])).status_code for page in MEET}
        assert answers == of_nothing
        assert answers["meet-detail"] == 404
        for page in DESK:
            assert client.get(address_of(page, place.event)).status_code in ({404} if reader else {302})


def test_no_list_and_no_home_names_it_to_others(client, place):
    for reader in place.outsiders():
        client.logout()
        if reader is not None:
            sign_in(client, reader)
        for address in ("/", reverse("matchmaking:meet-list"), reverse("matchmaking:event-list")):
            page = client.get(address, follow=True).content.decode()
            assert TITLE not in page
            assert place.event.slug not in page
        for name in ("event-calendar", "partner-list", "demand-list"):
            assert TITLE not in client.get(reverse(f"matchmaking:{name}"), follow=True).content.decode()
    assert not MatchEvent.objects.all().public().exists()
    assert not MatchEvent.objects.all().open_for_sign_up().exists()


def test_the_invited_finds_it_and_joins(client, place):
    member = make_single(place.unit)
    make_invitation(place.event, member)
    sign_in(client, member)
    assert TITLE in client.get("/").content.decode()
    assert TITLE in client.get(reverse("matchmaking:meet-list")).content.decode()
    page = client.get(address_of("meet-join", place.event)).content.decode()
    assert ('name="photo"' in page, "不使用照片" in page) == (False, True)
    sent = client.post(address_of("meet-join", place.event), {"line": LINE, "agree": "on"})
    assert sent.status_code == 302
    assert place.event.signups.filter(member=member).count() == 1


def test_a_whole_unit_is_invited_and_the_rest_is_not(place):
    event = make_event(place.city, restricted=True)
    make_invitation(event, unit=place.unit)
    for reader, expected in ((place.colleague, True), (place.invited, True), (place.stranger, False)):
        assert event.invites(reader) == expected
        assert MatchEvent.objects.all().readable_by(reader).filter(pk=event.pk).exists() == expected
    # Staff of the invited unit are members of that unit themselves.
    assert event.invites(place.own_unit)


def test_who_is_not_invited_cannot_join_by_any_door(place):
    before = place.event.signups.count()
    for action in (
        lambda: event_join(event=place.event, member=place.colleague, actor=place.colleague, line=LINE),
        lambda: place_offer(event=place.event, member=place.colleague, actor=place.event.created_by),
    ):
        with pytest.raises(DomainError) as refusal:
            action()
        assert refusal.value.code == "not-eligible"
    assert place.event.signups.count() == before


def test_no_photo_is_taken_and_none_is_shown(client, place):
    member = make_single(place.unit)
    make_invitation(place.event, member)
    with pytest.raises(DomainError) as refusal:
        event_join(event=place.event, member=member, actor=member, line=LINE, photo=b"x")
    assert refusal.value.code == "no-photos"
    assert not place.event.signups.filter(member=member).exists()
    photo = file_store(actor=member, name="a.jpg", chunks=[b"x"], kind=FileKind.PICTURE, content_type="image/jpeg")
    row = make_participation(place.event, member, photo=photo)
    address = reverse("matchmaking:meet-photo", args=[place.event.slug, row.pk])
    for reader in (member, place.invited, place.colleague, place.own_unit):
        assert sign_in(client, reader).get(address).status_code == 404


def test_units_are_seen_by_the_editors_of_the_lead_organiser_alone(client, place):
    above = make_staff(make_province())
    lead = place.event.created_by
    listed = address_of("event-participants", place.event)
    for reader, expected in ((lead, True), (above, False)):
        sign_in(client, reader)
        page = client.get(listed).content.decode()
        assert (place.row.number in page, UNIT in page, "id_unit" in page) == (True, expected, expected)
        columns = [str(label) for label, _way in list_open(actor=reader, address=listed).columns]
        assert ("单位" in columns) == expected
        for name in ("event-sheet", "event-pairs", "event-detail", "event-review"):
            assert UNIT not in client.get(address_of(name, place.event)).content.decode()
        # A filter would reveal what the table hides.
        found = client.get(f"{listed}?unit=没有这个单位").content.decode()
        assert (place.row.number in found) != expected
    assert sign_in(client, above).get(address_of("event-invitations", place.event)).status_code == 403
    assert sign_in(client, lead).get(address_of("event-invitations", place.event)).status_code == 200


def test_a_reviewer_of_the_city_reads_no_people(client, place):
    sign_in(client, make_staff(place.city, Role.REVIEWER))
    assert client.get(address_of("event-participants", place.event)).status_code == 403
    assert UNIT not in client.get(address_of("event-detail", place.event)).content.decode()


def test_the_poster_works_for_editors_and_its_link_for_the_invited(client, place):
    sign_in(client, place.event.created_by)
    for page in ("event-poster", "event-qr", "event-poster-file"):
        assert client.get(address_of(page, place.event)).status_code == 200
    assert sign_in(client, place.invited).get(place.event.get_member_url()).status_code == 200


def test_the_invited_are_told_at_the_publication_once_and_who_comes_later_at_once(place):
    event = make_event(place.city, state=EventState.APPROVED, restricted=True)
    actor = event.created_by
    married = make_member(place.unit, marital_status=MaritalStatus.OTHER)
    without = make_single(place.unit, login_key=None, activated_at=None)
    invitation_add(actor=actor, event=event, unit=place.unit)
    assert not Message.objects.filter(kind="matchmaking.invited").exists()
    event = event_publish(event=event, actor=actor)
    told = Message.objects.filter(kind="matchmaking.invited", channel="in_app")
    first = set(told.values_list("recipient", flat=True))
    assert {place.invited.pk, place.colleague.pk} <= first
    assert first.isdisjoint({married.pk, without.pk})
    later = make_single(make_unit(place.city))
    for _time in range(2):
        invitation_add(actor=actor, event=event, member=later)
    assert set(told.values_list("recipient", flat=True)) == first | {later.pk}
    assert told.count() == len(first) + 1
    assert invitations_tell(event=event, actor=actor) == 0


def test_people_of_elsewhere_are_not_invited(place):
    with pytest.raises(DomainError) as refusal:
        invitation_add(actor=place.event.created_by, event=place.event, member=place.stranger)
    assert refusal.value.code == "away"
    assert Invitation.objects.count() == 1


def test_an_invitation_by_which_somebody_joined_stays(place):
    invitation = Invitation.objects.get()
    with pytest.raises(DomainError):
        invitation_remove(actor=place.event.created_by, invitation=invitation)
    Participation.objects.all().update(state="withdrawn")
    invitation_remove(actor=place.event.created_by, invitation=invitation)
    assert not Invitation.objects.exists()


def test_people_are_looked_up_by_post_and_the_address_holds_no_name(client, place):
    other = make_single(place.unit, name="示例赵乙", phone=phone_number(77))
    sign_in(client, place.event.created_by)
    page = address_of("event-invitations", place.event)
    for term in ("示例赵乙", phone_number(77)):
        sent = client.post(address_of("event-find", place.event), {"term": term, "page": "event-invitations"})
        assert sent.url.startswith(page + "?find=")
        assert term not in sent.url
        assert other.name in client.get(sent.url).content.decode()
    assert client.post(sent.url, {"member": other.pk}).status_code == 302
    assert place.event.invites(other)
    assert client.post(page, {"member": place.stranger.pk}).status_code == 404


def test_what_is_agreed_to_says_that_there_are_no_photos(place):
    lines = [str(line) for line in consents.event_purpose(place.event).lines]
    assert ("照片" in lines[consents.OTHERS_SEE], len(lines)) == (True, len(consents.EVENT.lines))
    assert consents.event_purpose(make_event(place.city)) == consents.EVENT


def test_messages_and_audit_hold_no_unit_and_no_name(place):
    event_leave(participation=place.row, actor=place.invited)
    for message in Message.objects.all():
        assert UNIT not in str(message.context)
        assert place.invited.name not in str(message.context)


def test_a_closed_restricted_event_stays_closed_to_others(client, place):
    for state in (EventState.REVEALED, EventState.CLOSED, EventState.REPORTED):
        put_event(place.event, state)
        assert sign_in(client, place.stranger).get(place.event.get_member_url()).status_code == 404
        assert sign_in(client, place.invited).get(place.event.get_member_url()).status_code == 200
