"""Signing up for an event: the whole service beside a bare INSERT under the same lock, alternating."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from matchmaking.models import MatchEvent, Participation, SingleProfile
from matchmaking.services.participations import event_join
from portal.core.choices import Sex
from portal.members.choices import MaritalStatus
from portal.members.models import Consent, Member
from portal.members.services.people import members_build
from portal.messaging.models import Message
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from tests.factories.matchmaking import LINE, declare, make_event

PEOPLE = 240
THREADS = 8


def measure():
    """Return title, head and rows of the table."""
    rows = []
    for name, threads in (("one after the other", 1), (f"{THREADS} at once", THREADS)):
        bare, whole = _run(_bare, threads), _run(_whole, threads)
        ratio = whole["rate"] / bare["rate"]
        rows.append((name, *_shown(bare), *_shown(whole), f"{ratio:.2f}"))
    head = ("", "bare/s", "p50 ms", "p99 ms", "service/s", "p50 ms", "p99 ms", "rate of service to bare")
    return f"Registration of {PEOPLE} people under the lock of the event", head, rows


def _shown(result):
    return f"{result['rate']:.0f}", f"{result['p50']:.1f}", f"{result['p99']:.1f}"


def _run(join, threads):
    city = Organization.objects.filter(kind=OrganizationKind.CITY).order_by("pk").first()
    cadre = Member.objects.filter(duty__organization=city, duty__role="cadre").first()
    event = make_event(city, created_by=cadre, men_quota=PEOPLE // 4, women_quota=PEOPLE // 4)
    people = Member.objects.bulk_create(
        members_build(
            rows=[
                {
                    "organization": city,
                    "name": "示例",
                    "sex": Sex.MALE if number % 2 else Sex.FEMALE,
                    "birth_date": timezone.datetime(1995, 3, 7).date(),
                    "marital_status": MaritalStatus.SINGLE,
                }
                for number in range(PEOPLE)
            ]
        )
    )
    people = [Member.objects.get(pk=person.pk) for person in people]
    for person in people:
        declare(person)
    try:
        event_join(event=event, member=people[0], actor=people[0], line=LINE)
        with ThreadPoolExecutor(threads, initializer=connection.ensure_connection) as pool:
            begun = time.perf_counter()
            times = list(pool.map(lambda person: _timed(join, event, person), people[1:]))
            rate = len(times) / (time.perf_counter() - begun)
            list(pool.map(lambda _: connection.close(), range(threads * 2)))
    finally:
        _clean(event, people)
    percentiles = statistics.quantiles(times, n=100)
    return {"rate": rate, "p50": percentiles[49] * 1000, "p99": percentiles[98] * 1000}


def _timed(join, event, person):
    begun = time.perf_counter()
    join(event, person)
    return time.perf_counter() - begun


def _whole(event, person):
    event_join(event=MatchEvent.objects.get(pk=event.pk), member=person, actor=person, line=LINE)


def _bare(event, person):
    """Lock the event and copy its first row for ``person``: no rule, no audit, no consent, no message."""
    model = Participation._meta
    columns = [field.column for field in model.concrete_fields]
    given = {
        model.pk.column: f"nextval(pg_get_serial_sequence('{model.db_table}', '{model.pk.column}'))",
        "member_id": "%s",
        "place": f"(SELECT max(place) + 1 FROM {model.db_table} WHERE offering_id = %s)",  # noqa: S608
    }
    source = ", ".join(given.get(column, column) for column in columns)
    values = {"member_id": person.pk, "place": event.pk}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {MatchEvent._meta.db_table} WHERE id = %s FOR UPDATE", [event.pk])  # noqa: S608
        cursor.execute(
            f"INSERT INTO {model.db_table} ({', '.join(columns)}) SELECT {source} FROM {model.db_table} "  # noqa: S608
            "WHERE offering_id = %s ORDER BY id LIMIT 1",
            [*(values[column] for column in columns if column in values), event.pk],
        )


def _clean(event, people):
    assert settings.ALLOW_DEMO_PEOPLE
    numbers = [person.pk for person in people]
    event.signups.all().delete()
    Message.objects.filter(recipient__in=numbers).delete()
    Consent.objects.filter(member__in=numbers).delete()
    event.delete()
    SingleProfile.objects.filter(member__in=numbers).delete()
    Member.objects.filter(pk__in=numbers).delete()
