"""The pages of an applicant: a code shown once, the way in, the request, the way out.

Nothing passes from one session or person to another.
"""

import logging
import re
import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.audit.models import AuditEntry
from portal.core.daily import daily_key
from portal.receipts import openings, services
from portal.receipts.codes import code_clean, code_grouped, code_new
from portal.receipts.services import message_write, receipt_close
from tests import clear
from tests.factories.members import make_member, make_staff, sign_in
from tests.receipts.asks import Ask, AskMessage, make_ask
from tests.receipts.test_services import closed_code, expired_code

SEND, CODE, FOLLOW, FOLLOWED, LEAVE = (f"/asks/{page}/" for page in ("send", "code", "follow", "followed", "leave"))
SHAPE = re.compile(r"\d{4}-\d{4}-\d{4}-\d{4}")
TEXT = "老板不给产假"


@pytest.fixture(autouse=True)
def addresses(asks, settings):
    settings.ROOT_URLCONF = "tests.receipts.pages"


@pytest.fixture
def ask():
    return make_ask()


def sent(client):
    """Send a request and return the code that the page shows."""
    assert client.post(SEND)["Location"] == CODE
    return SHAPE.search(client.get(CODE).content.decode()).group()


def follow(client, code, **extra):
    return client.post(FOLLOW, {"code": code}, **extra)


def shows(client, words):
    response = client.get(FOLLOWED)
    return response.status_code == 200 and words in response.content.decode()


def is_open(client):
    return client.get(FOLLOWED).status_code == 200


def late(client, name):
    """Let the half hour of an entry of the session be over."""
    session = client.session
    session[name] = {**session[name], "until": int(time.time())}
    session.save()


def wrong_digit(code):
    digits = code_clean(code)
    return f"{(int(digits[0]) + 1) % 10}{digits[1:]}"


def test_the_code_is_shown_until_it_is_typed_back_and_then_never_again(client):
    code = sent(client)
    page = client.get(CODE).content.decode()
    assert code not in re.search(r"<title>.*?</title>", page, re.DOTALL).group()
    assert "no-store" in client.get(CODE)["Cache-Control"]
    for typed in (wrong_digit(code), code_new(), "4821"):
        response = client.post(CODE, {"code": typed})
        assert response.status_code == 422
        assert code in response.content.decode()
    assert client.post(CODE, {}).status_code == 422
    done = client.post(CODE, {"code": code.replace("-", " ")})
    assert (done.status_code, done["Location"]) == (302, FOLLOW)
    back = client.get(CODE)
    assert (back.status_code, back["Location"]) == (302, FOLLOW)
    assert code not in client.get(FOLLOW).content.decode()
    assert openings.CODE not in client.session
    assert Ask.objects.get().receipt_noted_at is not None


def test_a_tick_confirms_it_too(client):
    sent(client)
    assert client.post(CODE, {"noted": "on"})["Location"] == FOLLOW
    assert client.get(CODE)["Location"] == FOLLOW


def test_a_wrong_code_is_not_outweighed_by_a_tick(client):
    code = sent(client)
    assert client.post(CODE, {"code": wrong_digit(code), "noted": "on"}).status_code == 422


def test_the_code_is_shown_for_half_an_hour_at_most(client):
    sent(client)
    late(client, openings.CODE)
    assert client.get(CODE)["Location"] == FOLLOW
    assert openings.CODE not in client.session


def test_the_code_is_in_no_address_log_or_row(client, caplog):
    caplog.set_level(logging.DEBUG)
    code = sent(client)
    text = clear.in_database()
    held = str([session.session_data for session in Session.objects.all()])
    client.post(CODE, {"code": code})
    response = client.post(FOLLOW, {"code": code}, follow=True)
    assert [address for address, _status in response.redirect_chain] == [FOLLOWED]
    client.post(FOLLOWED, {"text": TEXT})
    texts = [text, held, clear.in_database(), caplog.text, response.content.decode(), str(dict(client.session))]
    assert [code in text or code_clean(code) in text for text in texts] == [False] * len(texts)


def test_the_code_opens_the_request_with_its_messages(client, ask):
    row, code = ask
    staff = make_staff(row.organization)
    message = message_write(actor=staff, row=row, text="请来工作站。", from_staff=True)
    for typed in (
        code,
        code.replace("-", ""),
        code.translate(str.maketrans("0123456789-", "０１２３４５６７８９　")),
        f"{code}\n",
    ):
        assert follow(client, typed)["Location"] == FOLLOWED
    assert shows(client, "请来工作站。")
    page = client.get(FOLLOWED).content.decode()
    assert staff.name not in page
    assert code not in page
    assert "no-store" in client.get(FOLLOWED)["Cache-Control"]
    message.refresh_from_db()
    assert message.read_at is not None
    assert client.post(FOLLOWED, {"text": TEXT})["Location"] == FOLLOWED
    assert shows(client, TEXT)
    assert row.messages.get(from_staff=False).author_id is None


def test_a_typing_error_is_found_without_a_query_for_the_request(client, ask):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = follow(client, wrong_digit(ask[1]))
    assert response.status_code == 422
    assert not any("receipt" in query["sql"] or "throttle" in query["sql"] for query in queries)


def test_wrong_closed_and_expired_codes_get_one_answer():
    # The first request of a day makes the secret of the day.
    daily_key("")
    seen = set()
    for number, code in enumerate((code_new(), closed_code(), expired_code())):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        client.get(FOLLOW)
        with CaptureQueriesContext(connection) as queries:
            response = follow(client, code)
        page = response.content.decode().replace(code_grouped(code_clean(code)), "")
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        seen.add((response.status_code, page, len(queries), str(dict(client.session))))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 422


def test_the_sixth_try_from_a_network_waits(ask):
    clients = [Client(REMOTE_ADDR="10.0.0.9") for _number in range(services.TRIES)]
    assert {follow(client, code_new()).status_code for client in clients} == {422}
    assert follow(Client(REMOTE_ADDR="10.0.0.9"), ask[1]).status_code == 429
    member = sign_in(Client(REMOTE_ADDR="10.0.0.9"), make_member())
    assert follow(member, ask[1]).status_code == 429
    assert follow(Client(REMOTE_ADDR="10.0.0.8"), ask[1]).status_code == 302


def test_without_an_opening_no_page_tells_anything(ask):
    for method in ("get", "post"):
        response = getattr(Client(), method)(FOLLOWED)
        assert (response.status_code, response["Location"]) == (302, FOLLOW)


def test_another_session_opens_nothing(client, ask):
    follow(client, ask[1])
    assert is_open(client)
    assert not is_open(Client())


def test_an_opening_lasts_half_an_hour_and_keeps_a_text_that_came_late(client, ask):
    row, code = ask
    follow(client, code)
    late(client, openings.OPEN)
    assert client.get(FOLLOWED)["Location"] == FOLLOW
    assert client.post(FOLLOWED, {"text": TEXT}, HTTP_ACCEPT_LANGUAGE="en")["Location"] == FOLLOW
    assert not AskMessage.objects.exists()
    with translation.override("en"):
        assert "what you wrote is kept" in client.get(FOLLOW, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    follow(client, code)
    assert shows(client, TEXT)
    client.post(FOLLOWED, {"text": TEXT})
    assert row.messages.get().text == TEXT
    assert openings.DRAFT not in client.session


def test_a_text_that_came_late_is_not_shown_with_another_request(client, ask):
    follow(client, ask[1])
    late(client, openings.OPEN)
    client.post(FOLLOWED, {"text": TEXT})
    follow(client, make_ask()[1])
    assert is_open(client)
    assert not shows(client, TEXT)
    follow(client, ask[1])
    assert not shows(client, TEXT)


def test_writing_lets_the_half_hour_begin_again(client, ask):
    follow(client, ask[1])
    session = client.session
    session[openings.OPEN] = {**session[openings.OPEN], "until": int(time.time()) + 60}
    session.save()
    client.post(FOLLOWED, {"text": TEXT})
    assert client.session[openings.OPEN]["until"] > time.time() + openings.SECONDS - 60


def test_a_code_that_is_closed_closes_the_page(client, ask):
    row, code = ask
    follow(client, code)
    receipt_close(actor=make_staff(row.organization), row=row, reason="seen")
    assert not is_open(client)
    assert client.post(FOLLOWED, {"text": TEXT})["Location"] == FOLLOW
    assert not AskMessage.objects.exists()


@pytest.mark.parametrize("entry", [CODE, FOLLOWED])
def test_a_sign_in_closes_what_a_visitor_opened(entry):
    client = Client()
    code = sent(client)
    follow(client, code)
    assert client.get(entry).status_code == 200
    sign_in(client, make_member())
    assert client.get(entry)["Location"] == FOLLOW
    client.logout()
    assert client.get(entry)["Location"] == FOLLOW


@pytest.mark.parametrize("entry", [CODE, FOLLOWED])
def test_a_change_of_person_closes_what_was_open(entry):
    client = sign_in(Client(), make_member())
    follow(client, sent(client))
    assert client.get(entry).status_code == 200
    client.logout()
    assert client.get(entry)["Location"] == FOLLOW
    sign_in(client, make_member())
    assert client.get(entry)["Location"] == FOLLOW


def test_an_entry_of_somebody_else_in_the_same_session_opens_nothing(client, ask):
    """Django keeps the content of a visitor's session at the sign-in: the entry itself says whose it is."""
    follow(client, ask[1])
    session = client.session
    session[openings.OPEN] = {**session[openings.OPEN], "who": 1}
    session.save()
    assert not is_open(client)
    assert openings.OPEN not in client.session


def test_what_a_signed_in_member_does_is_recorded_without_a_name():
    member = make_member()
    client = sign_in(Client(), member)
    code = sent(client)
    client.post(CODE, {"code": code})
    follow(client, code)
    client.post(FOLLOWED, {"text": TEXT})
    assert set(AuditEntry.objects.filter(about_model="receipts_tests.ask").values_list("actor", flat=True)) == {None}
    assert member.name not in client.get(FOLLOWED).content.decode()


@pytest.mark.parametrize("begin", [lambda client, ask: sent(client), lambda client, ask: follow(client, ask[1])])
def test_a_session_that_was_planted_shows_nothing(client, ask, begin):
    session = client.session
    session["planted"] = True
    session.save()
    key = session.session_key
    begin(client, ask)
    assert client.session.session_key != key
    planted = Client()
    planted.cookies["sessionid"] = key
    assert planted.get(CODE).status_code == planted.get(FOLLOWED).status_code == 302


def test_staff_stay_signed_in_when_they_open_a_request(ask):
    client = sign_in(Client(), make_staff())
    follow(client, ask[1])
    assert client.get("/me/").status_code == 200


def test_leaving_forgets_everything_of_a_visitor(client):
    follow(client, sent(client))
    assert client.get(LEAVE).status_code == 405
    left = client.post(LEAVE)
    assert (left.status_code, left["Location"]) == (302, "/")
    assert client.get(CODE).status_code == client.get(FOLLOWED).status_code == 302
    assert not Session.objects.exists()


def test_leaving_keeps_a_member_signed_in():
    client = sign_in(Client(), make_member())
    follow(client, sent(client))
    client.post(LEAVE)
    assert client.get(CODE).status_code == client.get(FOLLOWED).status_code == 302
    assert client.get("/me/").status_code == 200
    assert not {openings.CODE, openings.OPEN, openings.DRAFT} & set(client.session.keys())


def test_each_page_has_the_way_out(client, ask):
    sent(client)
    follow(client, ask[1])
    for address in (CODE, FOLLOW, FOLLOWED):
        assert f'action="{LEAVE}" data-leave="{settings.LEAVE_PAGE_URL}"' in client.get(address).content.decode()


def test_the_page_asks_as_often_for_three_messages_as_for_one(client, ask):
    row, code = ask
    follow(client, code)
    asked = []
    for number in range(3):
        message_write(actor=make_staff(row.organization), row=row, text=str(number), from_staff=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(FOLLOWED)
        asked.append(len(queries))
    assert asked[0] == asked[2] <= 10


def test_opening_marks_messages_as_read_but_looking_does_not(client, ask):
    row, code = ask
    follow(client, code)
    message = message_write(actor=make_staff(row.organization), row=row, text="y", from_staff=True)
    client.get(FOLLOWED)
    message.refresh_from_db()
    assert message.read_at is None
    follow(client, code)
    message.refresh_from_db()
    assert message.read_at is not None


def test_an_unknown_code_and_a_stranger_leave_no_row_and_no_session(client):
    follow(client, code_new())
    assert not Ask.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="receipt.").exists()
    assert not Session.objects.exists()
