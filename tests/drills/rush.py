"""Many people at one web server.

The sessions are written to the database; the requests all start at the same moment.
"""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.core.choices import Sex
from portal.core.sessions import SessionStore
from portal.members.choices import MaritalStatus, ProofMeans
from portal.members.models import Member
from portal.members.services.people import members_build
from tests.factories.matchmaking import LINE, declare

CSRF = "c" * 32
PATIENCE = 90


@dataclass(frozen=True)
class Answer:
    """The result of one request; ``status`` 0 means that no answer came."""

    status: int
    place: str
    seconds: float


def make_people(organization, number, born="1995-03-07"):
    """Create ``number`` singles of ``organization`` who may join its events.

    They are women and men in turn, with accounts.
    """
    day = timezone.datetime.fromisoformat(born).date()
    people = members_build(
        rows=[
            {
                "organization": organization,
                "name": f"示例{count}",
                "sex": Sex.MALE if count % 2 else Sex.FEMALE,
                "birth_date": day,
                "marital_status": MaritalStatus.SINGLE,
            }
            for count in range(number)
        ]
    )
    for member in people:
        member.login_key = f"drill-{member.pk}"
        member.activated_at = member.proven_at = timezone.now()
        member.proof = ProofMeans.SET_UP
    people = Member.objects.bulk_create(people)
    for member in people:
        declare(member)
    return people


def sign_in_all(members):
    """Create a session for each of ``members`` and return their cookie headers."""
    keys, rows = [], []
    now = int(time.time())
    for member in members:
        data = {
            SESSION_KEY: str(member.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: member.get_session_auth_hash(),
            "signed_in_at": now,
            "seen_at": now,
            "code_at": now,
        }
        keys.append(SessionStore()._get_new_session_key())
        rows.append(
            Session(
                session_key=keys[-1],
                session_data=SessionStore(keys[-1]).encode(data),
                expire_date=timezone.now() + timedelta(1),
            )
        )
    Session.objects.bulk_create(rows)
    return [f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={CSRF}" for key in keys]


def join_all(url, path, cookies, fields=None):
    """Send the form of ``path`` once for each of ``cookies``; ``fields`` are what each person types, in their order.

    All requests start at once, each on its own connection.
    """
    host = urlsplit(url).netloc
    fields = fields or [{"line": LINE}] * len(cookies)
    gate = Barrier(len(cookies))

    def send(cookie, typed):
        body = urlencode({"csrfmiddlewaretoken": CSRF, "agree": "on", **typed})
        link = http.client.HTTPConnection(host, timeout=PATIENCE)
        gate.wait(PATIENCE)
        start = time.monotonic()
        try:
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            link.request("POST", path, body, headers)
            response = link.getresponse()
            response.read()
            return Answer(response.status, response.headers.get("Location", ""), time.monotonic() - start)
        except OSError:
            return Answer(0, "", time.monotonic() - start)
        finally:
            link.close()

    with ThreadPoolExecutor(len(cookies)) as pool:
        return list(pool.map(send, cookies, fields))


def percentile(answers, share):
    """Return the time in seconds within which ``share`` per cent of the answers came."""
    times = sorted(answer.seconds for answer in answers)
    return times[min(len(times) - 1, len(times) * share // 100)]
