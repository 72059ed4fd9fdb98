"""The plate of a room: issued, printed, replaced, and withdrawn with the room."""

import io

import docx
import pytest
from django.urls import reverse

from nursing_rooms.choices.rooms import STANDING, RoomState
from nursing_rooms.selectors.plates import have_plates, plate_of
from nursing_rooms.services import plates
from nursing_rooms.services.rooms import rooms_take_back
from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.locations.reading import read_hours
from portal.papers.models import Certificate
from tests.factories.members import make_staff, sign_in
from tests.factories.nursing_rooms import make_manager, make_plate, make_room
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def chair(city):
    return make_staff(city)


@pytest.fixture
def room(city):
    return make_room(city, hours=read_hours("周一至周日 9:00-21:00"))


def test_the_button_issues_it_and_leads_to_the_print(client, room, chair):
    sign_in(client, chair)
    shown = client.get(room.get_absolute_url())
    assert shown.context["primary"]["url"] == reverse("nursing_rooms:room-plate", args=[room.pk])
    sent = client.post(reverse("nursing_rooms:room-plate", args=[room.pk]))
    assert sent.url == reverse("nursing_rooms:room-print", args=[room.pk])
    plate = plate_of(room)
    text = client.get(sent.url).content.decode()
    for words in (room.name, plate.number, plate.shown_code, "9:00", "<svg"):
        assert words in text
    after = client.get(room.get_absolute_url())
    urls = [after.context["primary"]["url"], *(entry["url"] for entry in after.context["menu"])]
    assert reverse("nursing_rooms:room-plate", args=[room.pk]) not in urls
    assert {sent.url, reverse("nursing_rooms:room-replace", args=[room.pk])} <= set(urls)
    assert plate.number in after.content.decode()
    assert client.post(reverse("nursing_rooms:room-plate", args=[room.pk])).status_code == 422


def test_the_document_is_one_sheet(client, room, chair):
    plate = make_plate(room)
    sign_in(client, chair)
    answer = client.get(reverse("nursing_rooms:room-document", args=[room.pk]))
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert {room.name, plate.number, plate.shown_code} <= set(texts)
    assert any("30" in text for text in texts), "the rule on staff who want to come in"


def test_a_manager_prints_it_and_issues_none(client, room):
    sign_in(client, make_manager(room).member)
    for name in ("print", "document"):
        assert client.get(reverse(f"nursing_rooms:room-{name}", args=[room.pk])).status_code == 404
    make_plate(room)
    for name in ("print", "document"):
        assert client.get(reverse(f"nursing_rooms:room-{name}", args=[room.pk])).status_code == 200
    assert client.post(reverse("nursing_rooms:room-replace", args=[room.pk]), {"reason": "x"}).status_code == 403
    assert Certificate.objects.count() == 1


def test_printing_counts_nothing_and_changes_nothing(client, room, chair):
    make_plate(room)
    sign_in(client, chair)
    before = AuditEntry.objects.count()
    for name in ("print", "document"):
        client.get(reverse(f"nursing_rooms:room-{name}", args=[room.pk]))
    assert (AuditEntry.objects.count(), room.days.count()) == (before, 0)


def test_a_new_plate_stops_the_old_one(client, room, chair):
    old = make_plate(room)
    sign_in(client, chair)
    sent = client.post(reverse("nursing_rooms:room-replace", args=[room.pk]), {"reason": "丢失"})
    assert sent.url == reverse("nursing_rooms:room-print", args=[room.pk])
    new = plate_of(room)
    old.refresh_from_db()
    assert (new.replaces, old.standing, old.reason) == (old, "withdrawn", "丢失")
    assert client.get(reverse("nursing_rooms:door-show", args=[old.code])).url == old.get_absolute_url()
    assert client.get(reverse("nursing_rooms:door-show", args=[new.code])).status_code == 200


def test_there_is_nothing_to_replace_without_a_plate(room, chair):
    with pytest.raises(DomainError) as refused:
        plates.plate_replace(actor=chair, room=room, reason="丢失")
    assert refused.value.code == "no-plate"


@pytest.mark.parametrize("state", RoomState)
def test_only_a_room_that_stands_has_a_plate(city, chair, state):
    room = make_room(city, state=state)
    if state in STANDING:
        assert plates.plate_issue(actor=chair, room=room).title == room.name
        return
    with pytest.raises(DomainError) as refused:
        plates.plate_issue(actor=chair, room=room)
    assert refused.value.code == "not-standing"
    assert not Certificate.objects.exists()


def test_rooms_with_a_plate_are_not_taken_back(room):
    assert not have_plates([room.pk])
    make_plate(room)
    with pytest.raises(DomainError) as refused:
        rooms_take_back(pks=[room.pk])
    assert refused.value.code == "in-use"


def test_the_check_page_of_a_withdrawn_plate_names_the_new_one(client, room, chair):
    old = make_plate(room)
    new = plates.plate_replace(actor=chair, room=room, reason="丢失")
    assert new.number in client.get(old.get_absolute_url()).content.decode()
