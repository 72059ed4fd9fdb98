"""The migrations that introduced the bounds of days and moments.

They run on a database with rows outside the bounds.
"""

import os
import subprocess
import sys
from datetime import date

from django.utils import timezone

from matchmaking.models import GroupWedding, MatchEvent
from portal.core.bounds import PLANNED, VALIDITY
from portal.core.models import Heartbeat
from portal.members.models import Member
from portal.notices.models import Notice
from portal.organizations.models import Organization
from tests.databases import ROOT
from tests.factories.matchmaking import make_event
from tests.factories.matchmaking_pairs import make_wedding
from tests.factories.members import make_duty, make_member
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization

BEFORE = {"matchmaking": "0005", "notices": "0001", "organizations": "0003", "members": "0010"}


def migrate(*arguments):
    run = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0", *arguments],
        cwd=ROOT,
        env={**os.environ, "PORTAL_DATABASE_ROLE": "owner"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stderr


def test_the_migration_repairs_such_rows(committed):
    city = make_organization(name="示例甲市总工会")
    wedding, event, notice = make_wedding(city), make_event(city), make_notice(city, publish_until=timezone.now())
    member, duty = make_member(city, birth_date=date(1990, 1, 1)), make_duty(make_member(city), city)
    fine = make_event(city)
    for label, name in BEFORE.items():
        migrate(label, name)
    committed.execute(
        "UPDATE matchmaking_groupwedding SET \"on\" = '9999-12-31', closes_at = '9999-12-31 23:59+00' WHERE id = %s",
        [wedding.pk],
    )
    committed.execute(
        "UPDATE matchmaking_matchevent SET starts_at = '9999-12-30 10:00+00', ends_at = 'infinity',"
        " signup_opens_at = '0001-01-01 00:00+00 BC', signup_closes_at = '0001-01-01 00:00+00',"
        " choice_opens_at = '9999-12-01 00:00+00', choice_closes_at = '9999-12-02 00:00+00' WHERE id = %s",
        [event.pk],
    )
    committed.execute("UPDATE notices_notice SET publish_until = '9999-12-31 23:59+00' WHERE id = %s", [notice.pk])
    committed.execute("UPDATE members_member SET birth_year = 1 WHERE id = %s", [member.pk])
    committed.execute(
        "UPDATE members_duty SET valid_from = '0001-01-01', valid_until = '9999-12-31' WHERE id = %s", [duty.pk]
    )
    log = migrate()
    for row, names in ((wedding, "closes_at, on"), (event, "choice_closes_at, choice_opens_at"), (duty, "valid_from")):
        assert f"{row._meta.label} {row.pk}: {names}" in log
    assert wedding.title not in log
    assert "9999" not in log
    made = GroupWedding.objects.get(pk=wedding.pk)
    assert (made.on, timezone.localdate(made.closes_at)) == (PLANNED.last, PLANNED.last)
    moved = MatchEvent.objects.get(pk=event.pk)
    assert moved.signup_opens_at < moved.signup_closes_at < moved.choice_opens_at < moved.choice_closes_at
    assert moved.choice_closes_at < moved.starts_at < moved.ends_at
    assert (timezone.localdate(moved.signup_opens_at), timezone.localdate(moved.ends_at)) == (
        PLANNED.first,
        PLANNED.last,
    )
    assert timezone.localdate(Notice.objects.get(pk=notice.pk).publish_until) == PLANNED.last
    emptied = Member.objects.get(pk=member.pk)
    assert (emptied.birth_year, emptied.birth_date) == (None, None)
    duty.refresh_from_db()
    assert (duty.valid_from, duty.valid_until) == (VALIDITY.first, VALIDITY.last)
    assert MatchEvent.objects.get(pk=fine.pk).starts_at == fine.starts_at
    committed.execute("SELECT conname FROM pg_constraint WHERE contype = 'c' AND NOT convalidated")
    assert committed.fetchall() == []


def test_what_no_rule_lets_be_repaired_is_named_and_stays(committed):
    """A row that cannot be repaired by any rule is named and kept.

    The migration continues; the check applies to every row written from then on.
    """
    city = make_organization(name="示例甲市总工会")
    wedding = make_wedding(city)
    migrate("matchmaking", "0005")
    committed.execute("UPDATE matchmaking_groupwedding SET \"on\" = '9999-12-31' WHERE id = %s", [wedding.pk])
    committed.execute("CREATE FUNCTION no_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$")
    committed.execute(
        "CREATE TRIGGER no_step BEFORE UPDATE ON matchmaking_groupwedding FOR EACH ROW EXECUTE FUNCTION no_step()"
    )
    log = migrate()
    assert f"matchmaking.GroupWedding {wedding.pk}: on cannot be repaired" in log
    committed.execute("SELECT conname FROM pg_constraint WHERE contype = 'c' AND NOT convalidated")
    assert committed.fetchall() == [("matchmaking_groupwedding_on_check",)]
    assert Organization.objects.exists()
    assert Heartbeat.objects.count() == 0
