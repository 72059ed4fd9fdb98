"""The page at the door: open to everybody, changes nothing by itself, and makes no session."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nursing_rooms.choices.reports import BYPASSING, Trouble
from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.models import NursingRoom, RoomDay, RoomReport
from nursing_rooms.services.reports import report_fix
from nursing_rooms.services.visits import visit_token
from nursing_rooms.views.member.doors import SAID, dialled
from portal.audit.models import AuditEntry
from portal.core.models import Throttle
from portal.locations.reading import read_hours
from portal.messaging.models import Message
from portal.papers.codes import code_make
from portal.papers.services.certificates import certificate_withdraw
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.nursing_rooms import make_manager, make_plate, make_report, make_room
from tests.factories.rights import make_rights_law

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law():
    make_rights_law()


@pytest.fixture
def plate():
    return make_plate(make_room(hours=read_hours("周一至周日 0:00-24:00")))


@pytest.fixture
def room(plate):
    return NursingRoom.objects.get(pk=plate.about_id)


def door(plate, page="show"):
    return reverse(f"nursing_rooms:door-{page}", args=[plate.code])


def rows():
    return RoomDay.objects.count(), RoomReport.objects.count(), AuditEntry.objects.count(), Message.objects.count()


class TestTheWayIn:
    def test_the_code_of_the_plate_leads_there_with_no_further_press(self, client, plate):
        scanned = client.get(plate.get_absolute_url())
        assert (scanned.status_code, scanned.url) == (302, door(plate))
        assert "no-store" in scanned.headers["Cache-Control"]
        assert client.get(scanned.url).status_code == 200

    @pytest.mark.parametrize("write", [str.lower, lambda code: f"{code[:5]}-{code[5:]}"])
    def test_a_code_may_be_typed_in_any_way(self, client, plate, write):
        assert client.get(reverse("nursing_rooms:door-show", args=[write(plate.code)])).status_code == 200

    def test_a_wrong_code_leads_to_the_check_page(self, client, plate):
        for code in (code_make(), plate.code[:-4], "不是代码"):
            answer = client.get(reverse("nursing_rooms:door-show", args=[code]), follow=True)
            assert answer.redirect_chain[-1][0] == reverse("papers:certificate-check", args=[code])
            assert answer.status_code == 200

    @pytest.mark.parametrize("page", ["visit", "report"])
    def test_a_press_with_a_wrong_code_changes_nothing(self, client, plate, room, page):
        before = rows()
        sent = {"token": visit_token(room), "trouble": Trouble.DIRTY}
        answer = client.post(reverse(f"nursing_rooms:door-{page}", args=[code_make()]), sent)
        assert answer.status_code == 302
        assert rows() == before

    def test_a_withdrawn_plate_leads_to_its_check_page(self, client, plate):
        certificate_withdraw(actor=make_staff(), certificate=plate, reason="遗失")
        for address in (door(plate), plate.get_absolute_url()):
            answer = client.get(address, follow=True)
            assert answer.wsgi_request.path == plate.get_absolute_url()
            assert "This certificate was withdrawn" in answer.content.decode() or "撤销" in answer.content.decode()

    def test_an_expired_plate_leads_to_its_check_page(self, client, plate):
        today = timezone.localdate()
        type(plate).objects.filter(pk=plate.pk).update(
            issued_on=today - timedelta(days=9), valid_until=today - timedelta(days=1)
        )
        for address in (door(plate), plate.get_absolute_url()):
            answer = client.get(address, follow=True)
            assert (answer.status_code, answer.wsgi_request.path) == (200, plate.get_absolute_url())

    def test_the_plate_of_a_room_that_is_gone_ends_at_its_check_page(self, client, plate, room):
        """Its plate is withdrawn with the room; if it were not, nothing would go round in circles."""
        NursingRoom.objects.filter(pk=room.pk).update(state=RoomState.RETIRED)
        answer = client.get(plate.get_absolute_url(), follow=True)
        assert (answer.status_code, answer.wsgi_request.path) == (200, plate.get_absolute_url())
        assert client.get(door(plate), follow=True).status_code == 200

    def test_the_code_of_another_certificate_opens_no_door(self, client, plate):
        type(plate).objects.filter(pk=plate.pk).update(kind="nursing_rooms.other")
        assert client.get(door(plate)).url == plate.get_absolute_url()


class TestWhatItShows:
    def test_a_public_room_names_its_address(self, client, plate, room):
        text = client.get(door(plate)).content.decode()
        assert room.address in text
        assert room.landmark in text
        assert plate.number in text

    def test_a_room_of_a_unit_names_rules_and_no_address(self, client):
        room = make_room(is_public=False, address="保密路9号", landmark="保密门旁", floor="九层")
        text = client.get(door(make_plate(room))).content.decode()
        assert [word in text for word in ("保密路9号", "保密门旁", "九层", room.host)] == [False] * 4
        assert 'id="rules"' in text

    def test_the_other_public_rooms_of_the_building_are_named_with_their_floor(self, client, plate, room):
        near = make_room(room.organization, host=room.host, region=room.region, floor="五层", landmark="扶梯旁")
        hidden = make_room(room.organization, host=room.host, region=room.region, is_public=False)
        make_room(room.organization, host="另一商场", region=room.region, name="另一商场小屋")
        text = client.get(door(plate)).content.decode()
        assert f"五层 · {near.name} · 扶梯旁" in text
        assert hidden.name not in text
        assert "另一商场小屋" not in text

    def test_open_closed_and_unknown_hours(self, client, plate, room):
        assert client.get(door(plate)).context["opening"].open is True
        NursingRoom.objects.filter(pk=room.pk).update(hours=None)
        page = client.get(door(plate))
        assert page.context["opening"].open is None
        today = timezone.localdate()
        NursingRoom.objects.filter(pk=room.pk).update(
            state=RoomState.CLOSED, closed_from=today, closed_until=today, closed_reason="检修中"
        )
        closed = client.get(door(plate)).content.decode()
        assert "检修中" in closed
        assert "data-visit" not in closed.replace("data-visit-done", "")

    def test_trouble_that_is_known_is_shown_unless_it_bypasses_the_manager(self, client, plate, room):
        known = make_report(room, Trouble.BROKEN, note="灯管闪")
        for trouble in BYPASSING:
            make_report(room, trouble)
        page = client.get(door(plate))
        assert page.context["known"] == [known.get_trouble_display()]
        assert "灯管闪" not in page.content.decode()
        report_fix(actor=make_staff(room.organization), report=known, answer="已修")
        assert client.get(door(plate)).context["known"] == []

    def test_whoever_looks_after_the_room_gets_to_it(self, client, plate, room):
        address = room.get_absolute_url()
        manager = make_manager(room).member
        for person, there in ((manager, True), (make_staff(room.organization), True), (make_member(), False)):
            sign_in(client, person)
            assert (address in client.get(door(plate)).content.decode()) is there

    @pytest.mark.parametrize(
        ("phone", "number"),
        [
            ("0451-1234 5678", "045112345678"),
            ("0451-12345678转801", "045112345678"),
            ("+86 451 123456", "+86451123456"),
            ("服务台", ""),
            ("", ""),
            ("javascript:1", ""),
        ],
    )
    def test_a_phone_dials_the_number_alone(self, phone, number):
        assert dialled(phone) == number


class TestThePress:
    def test_opening_the_page_counts_nothing(self, client, plate):
        before = rows()
        for _number in range(5):
            client.get(door(plate))
            client.head(door(plate))
            client.get(plate.get_absolute_url())
        for page in ("visit", "report"):
            assert client.get(door(plate, page)).status_code == 405
        assert rows() == before
        assert not Throttle.objects.exists()

    def test_one_press_counts_and_says_so(self, client, plate, room):
        page = client.get(door(plate))
        token = page.context["token"]
        answer = client.post(door(plate, "visit"), {"token": token})
        assert answer.url == f"{door(plate)}?said=counted"
        assert str(SAID["counted"][1]) == client.get(answer.url).context["answer"][1]
        again = client.post(door(plate, "visit"), {"token": token})
        assert again.url == f"{door(plate)}?said=again"
        wrong = client.post(door(plate, "visit"), {"token": "x"})
        assert wrong.url == f"{door(plate)}?said=late"
        assert RoomDay.objects.get().taps == 1

    @pytest.mark.parametrize("trouble", Trouble)
    def test_one_press_reports(self, client, plate, room, trouble):
        answer = client.post(door(plate, "report"), {"trouble": trouble.value})
        assert answer.url == f"{door(plate)}?said=reported"
        assert RoomReport.objects.get().trouble == trouble

    def test_one_press_says_that_all_is_in_order(self, client, plate):
        answer = client.post(door(plate, "report"), {"trouble": "fine", "note": "x"})
        assert answer.url == f"{door(plate)}?said=fine"
        assert (RoomDay.objects.get().fine, RoomReport.objects.count()) == (1, 0)

    def test_another_word_is_no_report(self, client, plate):
        for sent in ({}, {"trouble": "x"}, {"trouble": Trouble.DIRTY, "note": "长" * 201}):
            assert client.post(door(plate, "report"), sent).status_code == 404
        assert RoomReport.objects.count() == 0

    def test_an_unknown_word_in_the_address_says_nothing(self, client, plate):
        assert client.get(f"{door(plate)}?said=<script>").context["answer"] is None

    def test_one_network_reports_so_often_and_another_goes_on(self, client, plate, settings):
        settings.ROOM_REPORTS_PER_HOUR = 3
        sent = {"trouble": Trouble.LOCKED}
        codes = [client.post(door(plate, "report"), sent).status_code for _number in range(4)]
        assert codes == [302, 302, 302, 429]
        assert client.post(door(plate, "report"), sent, REMOTE_ADDR="203.0.113.9").status_code == 302
        assert RoomReport.objects.get().taps == 4

    def test_a_press_needs_the_token_of_the_page(self, plate, room):
        """Another website cannot let a reader's phone press."""
        client = Client(enforce_csrf_checks=True)
        for page, sent in (("visit", {"token": visit_token(room)}), ("report", {"trouble": Trouble.DIRTY})):
            assert client.post(door(plate, page), sent).status_code == 403
        page = client.get(door(plate))
        field = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
        sent = {"token": page.context["token"], "csrfmiddlewaretoken": field}
        assert client.post(door(plate, "visit"), sent).status_code == 302
        assert RoomDay.objects.get().taps == 1


class TestWhatIsLeft:
    def test_no_session_is_made(self, client, plate):
        page = client.get(door(plate))
        client.post(door(plate, "visit"), {"token": page.context["token"]})
        client.post(door(plate, "report"), {"trouble": Trouble.UNSAFE, "note": "x"})
        client.get(f"{door(plate)}?said=reported")
        assert django_settings.SESSION_COOKIE_NAME not in client.cookies
        assert not Session.objects.exists()

    def test_the_member_who_is_signed_in_is_nowhere(self, client, plate, room):
        member = make_member()
        sign_in(client, member)
        page = client.get(door(plate))
        client.post(door(plate, "visit"), {"token": page.context["token"]})
        client.post(door(plate, "report"), {"trouble": Trouble.DIRTY})
        assert not AuditEntry.objects.filter(actor=member).exists()
        assert RoomReport.objects.get().settled_by is None

    def test_no_search_engine_lists_it(self, client, plate):
        assert client.get(door(plate)).headers["X-Robots-Tag"] == "noindex"
