"""Property 33: the field key changes with 100,000 rows while people read and write.

No request fails; afterwards every value opens with the new key alone; a dump holds no number in clear; a value moved to
another row does not open. Each has a failure that it must notice.
"""

import http.client
import random
import re
import subprocess
import sys
import time
from collections import Counter
from threading import Event, Thread
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from portal.core import backups, crypto, rotation
from portal.core.choices import Sex
from portal.core.sessions import SessionStore
from portal.members.models import Member
from portal.members.services.people import members_build
from tests.databases import ROOT
from tests.drills.rush import CSRF, sign_in_all
from tests.factories.members import make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit
from tests.stack import Stack

PEOPLE, CHUNK, READERS, WRITERS = 100_000, 5_000, 2, 2
OLD, NEW = "11" * 16, "22" * 16
BOTH = f"old:{OLD},new:{NEW}"


@pytest.fixture(scope="module")
def serving(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """A stack that reads with both keys and writes with the new one."""
    stack = Stack(servers_env, tmp_path_factory.mktemp("stack"), blocker=django_db_blocker)
    stack.env["PORTAL_FIELD_KEYS"] = BOTH
    with stack:
        yield stack


@pytest.fixture(scope="module")
def house(serving):
    """A hundred thousand people whose phones are encrypted with the old key.

    Given as (chair, phone by pk).
    """
    before = django_settings.FIELD_KEYS
    phones = {}
    with serving.orm():
        django_settings.FIELD_KEYS = f"old:{OLD}"
        try:
            city = make_organization(name="示例甲市总工会")
            unit, chair = make_unit(city), make_staff(city)
            for first in range(0, PEOPLE, CHUNK):
                rows = [
                    {
                        "organization": unit,
                        "name": "示例",
                        "sex": Sex.FEMALE,
                        "phone": phone_number(10_000_000 + number),
                    }
                    for number in range(first, first + CHUNK)
                ]
                made = Member.objects.bulk_create(members_build(rows=rows))
                phones.update((member.pk, rows[number]["phone"]) for number, member in enumerate(made))
        finally:
            django_settings.FIELD_KEYS = before
    return chair, phones


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_KEYS = BOTH


def phone_column():
    (column,) = [found for found in rotation.columns() if found.name == "members.Member.phone"]
    return column


class People:
    """Threads that read entries and change phones through the web server until they are stopped."""

    def __init__(self, stack, cookie, phones):
        self.host = urlsplit(stack.url).netloc
        self.cookie = cookie
        self.numbers = list(phones)
        self.statuses, self.seconds, self.written = Counter(), [], {}
        self._end = Event()
        self._threads = [Thread(target=self._work, args=[self._read, number]) for number in range(READERS)]
        self._threads += [Thread(target=self._work, args=[self._write, number]) for number in range(WRITERS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _work(self, act, number):
        dice = random.Random(number)
        # Each writer has its own rows, so that their versions are known.
        mine = self.numbers[number :: READERS + WRITERS]
        dice.shuffle(mine)
        while not self._end.is_set():
            begun = time.monotonic()
            try:
                self.statuses[act(mine.pop(), dice)] += 1
            except OSError as error:
                self.statuses[type(error).__name__] += 1
            self.seconds.append(time.monotonic() - begun)

    def _read(self, pk, _dice):
        return self._ask("GET", reverse("members:member-detail", args=[pk]))

    def _write(self, pk, dice):
        phone = phone_number(50_000_000 + dice.randrange(10_000_000))
        form = {"name": "示例", "phone": phone, "marital_status": "unknown", "version": 1}
        status = self._ask("POST", reverse("members:member-update", args=[pk]), {**form, "csrfmiddlewaretoken": CSRF})
        if status == 302:
            self.written[pk] = phone
        return status

    def _ask(self, method, path, form=None):
        link = http.client.HTTPConnection(self.host, timeout=30)
        try:
            headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            link.request(method, path, urlencode(form) if form else None, headers)
            response = link.getresponse()
            response.read()
            return response.status
        finally:
            link.close()


def staff_cookie(chair):
    """Create the chair's only session and return its cookie header."""
    (cookie,) = sign_in_all([chair])
    key = re.search(rf"{django_settings.SESSION_COOKIE_NAME}=(\w+)", cookie)[1]
    session = SessionStore(key)
    session["staff"] = True
    session.save()
    Member.objects.filter(pk=chair.pk).update(session_key=key)
    return cookie


def rotate(stack):
    """Run the command, as an operator does, until nothing is left.

    Returns the number of runs and the last output.
    """
    for turn in range(1, 4):
        run = subprocess.run(
            [sys.executable, "manage.py", "rotate_field_keys"],
            cwd=ROOT,
            env=stack.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode == 0:
            return turn, run.stdout
    pytest.fail(run.stdout + run.stderr)
    return None


def test_a_hundred_thousand_values_while_people_read_and_write(serving, house, measured, settings):
    stack, (chair, phones) = serving, house
    with stack.orm():
        assert rotation.keys_in_use(phone_column()) == {"old": PEOPLE}
        people = People(stack, staff_cookie(chair), phones)
        with people:
            begun = time.monotonic()
            turns, _said = rotate(stack)
            took = time.monotonic() - begun
        measured(
            rotated_in=f"{took:.0f} s",
            runs=turns,
            requests=dict(people.statuses),
            changed=len(people.written),
            slowest=f"{max(people.seconds):.2f} s",
        )
        assert set(people.statuses) == {200, 302}
        assert people.statuses[200] > 20
        assert len(people.written) > 20
        assert rotation.keys_in_use(phone_column()) == {"new": PEOPLE}

        settings.FIELD_KEYS = f"new:{NEW}"
        wanted = phones | people.written
        wrong = sum(
            wanted[member.pk] != member.phone
            for member in Member.objects.filter(pk__in=phones).only("pk", "phone").iterator(chunk_size=5000)
        )
        measured(opened_under_the_new_key=len(wanted), wrong=wrong)
        assert wrong == 0


def dumped(stack):
    """Return every demo number that is in clear in a dump.

    Digits within a run of hexadecimal digits do not count as a number.
    """
    program = backups._program("pg_dump")
    url = stack.env["DATABASE_OWNER_URL"]
    dump = subprocess.run([program, "--no-owner", url], capture_output=True, check=True).stdout
    assert b"members_member" in dump
    return set(re.findall(rb"\b120\d{8}\b", dump))


def test_a_dump_holds_no_number_in_clear(serving, house, measured):
    stack, (chair, phones) = serving, house
    with stack.orm():
        found = dumped(stack)
        # The planted failure: one number in the column beside it, which is not encrypted.
        Member.objects.filter(pk=chair.pk).update(name=phone_number(77))
        planted = dumped(stack)
    measured(numbers=len(phones), in_the_dump=len(found), planted=len(planted))
    assert found == set()
    assert planted == {phone_number(77).encode()}


def test_equal_numbers_look_different_and_a_moved_one_does_not_open(serving, house, measured, settings, tmp_path):
    stack, (_chair, phones) = serving, house
    one, two = list(phones)[:2]
    with stack.orm():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE members_member a SET phone = b.phone FROM members_member b"
                " WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
                [one, two, two, one],
            )
        for pk in (one, two):
            with pytest.raises(crypto.WrongKey) as refusal:
                assert Member.objects.get(pk=pk).phone
            assert not re.search(r"\d{5}", str(refusal.value))
        twice = [crypto.encrypt(phone_number(1), b"x") for _number in range(2)]
        settings.FIELD_KEYS = f"new:{NEW},newer:{'33' * 16}"
        with pytest.raises(CommandError, match="did not open"), open(tmp_path / "out", "w") as out:
            call_command("rotate_field_keys", stdout=out, stderr=out, batch=2000)
    broken = re.findall(r"the value of row (\d+) does not open", (tmp_path / "out").read_text())
    measured(moved=[one, two], named=len(broken), equal_numbers_equal=twice[0] == twice[1])
    assert sorted(map(int, broken)) == sorted([one, two])
    assert twice[0] != twice[1]


def test_with_a_wrong_key_nothing_opens_and_nothing_is_said(serving, house, settings):
    stack, (_chair, phones) = serving, house
    settings.FIELD_KEYS = f"new:{'44' * 16},newer:{'55' * 16}"
    with stack.orm():
        for pk in list(phones)[10:20]:
            with pytest.raises(crypto.WrongKey) as refusal:
                assert Member.objects.get(pk=pk).phone
            assert not re.search(r"\d{5}", str(refusal.value))
