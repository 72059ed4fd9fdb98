"""Property 31 for reveals, requests, downloads, audit, seals and key rotation.

Planted values appear nowhere else.
"""

import json
import logging
import os
import time
from datetime import date
from io import StringIO

import psycopg2
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal.audit.services import audit_record, seal_all
from portal.core.roles import Role
from portal.members.choices import IdentityKind
from portal.members.models import Child
from portal.messaging.services.messages import message_post
from tests import clear
from tests.factories.members import identity_number, make_member, make_staff, sign_in
from tests.factories.organizations import make_province, make_unit

PHONE = "12000000666"
NUMBER = identity_number(66, born="19931117")
BORN = "1993-11-17"
WORDS = "金丝雀之言：我的隐情"
ANSWER = "金丝雀之答：已经改好"
CHILD = "金丝雀之子"
CARE = "金丝雀之敏：花生过敏"
CANARIES = (PHONE, NUMBER, BORN, WORDS, ANSWER, CHILD, CARE)
OF_CHILD = {"name": CHILD, "sex": "male", "born_on": "2019-05-04", "relation": "mother"}


def of(text):
    return {canary for canary in CANARIES if canary in text}


def in_database():
    """Return the canaries that a person without a key could read in any row of any table."""
    return of(clear.in_database())


class Walker:
    """Sends requests as one person; records canaries found in answers, addresses and cookies."""

    def __init__(self, person):
        self.client = sign_in(Client(raise_request_exception=False), person)
        session = self.client.session
        session["code_at"] = time.time()
        session.save()
        self.found = []

    def ask(self, method, page, /, *args, shows=(), status=None, **data):
        path = reverse(page, args=args)
        answer = getattr(self.client, method)(path, data)
        if status:
            assert answer.status_code == status, (path, answer.status_code)
        text = answer.content.decode("utf-8", "replace") + str(dict(answer.headers)) + str(answer.cookies)
        self.found += [(path, canary) for canary in of(text) - set(shows)]
        return answer


@pytest.fixture
def lines():
    """The log stream, exactly as it is written."""
    (handler,) = [found for found in logging.getLogger().handlers if type(found.formatter).__name__ == "LineFormatter"]
    before, handler.stream = handler.stream, StringIO()
    yield handler.stream
    handler.stream = before


@pytest.fixture
def people(fresh_database):
    city = make_province()
    person = make_member(
        make_unit(city),
        phone=PHONE,
        identity_kind=IdentityKind.RESIDENT,
        identity_number=NUMBER,
        birth_date=date.fromisoformat(BORN),
    )
    return person, make_staff(city), make_staff(city, Role.AUDIT_ADMINISTRATOR)


def test_planted_values_turn_up_nowhere_else(people, settings, lines):
    person, chair, auditor = people
    hers, desk, audit = Walker(person), Walker(chair), Walker(auditor)
    note = f"{PHONE} {NUMBER}"

    for field, value in (("phone", PHONE), ("identity_number", NUMBER), ("birth_date", BORN)):
        desk.ask("get", "members:member-reveal", person.pk, field, status=200)
        desk.ask("post", "members:member-reveal", person.pk, field, reason="x", note="因为", status=422)
        desk.ask(
            "post", "members:member-reveal", person.pk, field, reason="law", note="因为", shows=[value], status=200
        )
    desk.ask("post", "members:member-reveal", person.pk, "phone", reason="law", note=note, shows=[PHONE], status=200)
    settings.REVEALS_PER_HOUR = 1
    desk.ask("post", "members:member-reveal", person.pk, "phone", reason="law", note="因为", status=429)

    hers.ask("post", "members:request-create", "correct", words=WORDS, status=302)
    hers.ask("post", "members:request-create", "correct", words=WORDS, shows=[WORDS], status=422)
    row = person.data_requests.get()
    hers.ask("get", "members:request-detail", row.pk, shows=[WORDS], status=200)
    for name in ("home", "members:request-list"):
        desk.ask("get", name, status=200)
    desk.ask("get", "members:request-detail", row.pk, shows=[WORDS], status=200)
    desk.ask("post", "members:request-settle", row.pk, outcome="done", answer=ANSWER, status=302)
    hers.ask("get", "members:request-detail", row.pk, shows=[WORDS, ANSWER], status=200)
    hers.ask("post", "members:child-create", **OF_CHILD, shows=[CHILD], status=422)
    hers.ask("post", "members:child-create", **OF_CHILD, agree="on", status=302)
    child = Child.objects.get()
    hers.ask("get", "members:child-list", shows=[CHILD], status=200)
    hers.ask("post", "members:child-care", child.pk, care_notes=CARE, version=1, shows=[CHILD, CARE], status=422)
    hers.ask("post", "members:child-care", child.pk, care_notes=CARE, version=1, agree="on", status=302)
    hers.ask("post", "members:child-care", child.pk, care_notes=CARE, version=1, shows=[CHILD, CARE], status=409)
    hers.ask("get", "members:child-care", child.pk, shows=[CHILD, CARE], status=200)
    hers.ask("post", "members:child-update", child.pk, **OF_CHILD, version=1, shows=[CHILD], status=409)
    hers.ask("get", "members:child-remove", child.pk, shows=[CHILD], status=200)
    for walker in (desk, audit):
        for page in ("child-care", "child-update", "child-remove"):
            walker.ask("get", f"members:{page}", child.pk, status=404)
    for name in ("members:me", "members:member-readers", "members:member-download", "messaging:inbox", "home"):
        hers.ask("get", name, status=200)
    for form in ("json", "xlsx"):
        hers.ask("post", "members:member-download", form=form, shows=CANARIES, status=200)
    for name in ("members:member-detail", "members:member-update"):
        desk.ask("get", name, person.pk, status=200)
    for term in (PHONE, NUMBER):
        found = desk.ask("post", "members:member-find", term=term, status=302)
        page = desk.client.get(found["Location"])
        assert [row.pk for row in page.context["table"].data] == [person.pk]
        assert desk.client.get("/members/?find=x").status_code == 200
    audit.ask("get", "audit:entry-list", status=200)

    settings.FIELD_KEYS += ",later:" + "44" * 16
    out = StringIO()
    call_command("rotate_field_keys", stdout=out, stderr=out)
    seal_all()
    call_command("audit_verify", stdout=out)

    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    owner.autocommit = True
    owner.cursor().execute("REVOKE INSERT ON audit_auditentry FROM portal_app")
    owner.close()
    settings.REVEALS_PER_HOUR = 99
    desk.ask("post", "members:member-reveal", person.pk, "phone", reason="law", note=note, status=500)
    hers.ask("post", "members:request-create", "delete", words=WORDS, status=500)
    hers.ask("post", "members:member-download", form="json", status=500)
    hers.ask("post", "members:child-update", child.pk, **{**OF_CHILD, "sex": "female"}, version=2, status=500)
    hers.ask("post", "members:child-remove", child.pk, status=500)

    assert hers.found + desk.found + audit.found == []
    assert of(out.getvalue()) == set()
    assert "server error" in lines.getvalue()
    assert of(lines.getvalue()) == set()
    assert in_database() == set()


def test_the_search_sees_what_is_planted(people, lines, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    person, chair, _auditor = people
    assert in_database() == set()
    audit_record(actor=chair, action="test.leak", note=WORDS)
    message_post(kind="a.b", to=person, context={"number": PHONE})
    walker = Walker(chair)
    session = walker.client.session
    session["find"] = {"x": NUMBER}
    session.save()
    assert in_database() == {WORDS, PHONE, NUMBER}
    logging.getLogger("portal").warning(json.dumps({"words": ANSWER}, ensure_ascii=False))
    assert of(lines.getvalue()) == {ANSWER}
    walker.ask("post", "members:member-reveal", person.pk, "phone", reason="law", note="因为")
    assert [canary for _path, canary in walker.found] == [PHONE]
