"""Property 9 under a kill: the worker dies in the middle of a recount.

The next run gives the same figures as without the kill. A row that another connection holds stops the recount inside
its transaction, and the worker is killed there. The planted failure: a figure that is wrong beforehand is still wrong
after the kill, which shows that the kill undid what the recount had corrected, and is right after the next run.
"""

import time
from datetime import date

import psycopg2

from portal.statistics.models import Figure, OwnFigure, PeopleFigure, Recount
from portal.statistics.services.recounting import recount
from tests.factories.matchmaking import make_participation
from tests.factories.organizations import make_organization
from tests.statistics.held import held_event

SEND = "from portal.celery import app; app.send_task('statistics.recount')"
HELD = """INSERT INTO statistics_figure (indicator, organization_id, month, parent_id, value, own)
    VALUES ('ORG03', %s, '2026-03-01', 0, 0, 0)"""


def figures():
    return [
        sorted(model.objects.values_list(*(f.attname for f in model._meta.concrete_fields)))
        for model in (OwnFigure, Figure, PeopleFigure)
    ]


def wait_for(condition, seconds=40):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_killed_in_mid_recount(stack, measured):
    with stack.orm():
        city = make_organization()
        for day in (3, 9, 27):
            event = held_event(city, date(2026, 3, day))
            make_participation(event, None)
        city.committees.create(kind="committee", term_from=date(2026, 3, 2))
        recount()
        right = figures()
        root = city.parent_id
        Figure.objects.filter(indicator__in=["MM01", "ORG03"]).update(value=77)
        Figure.objects.filter(indicator="ORG03", organization_id=root).delete()
        wrong, logs = figures(), Recount.objects.filter(kind="full").count()
        holder = psycopg2.connect(stack.env["DATABASE_URL"])
        with holder.cursor() as cursor:
            cursor.execute(HELD, [root])
            stack.python(SEND)
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%figure%%'"

            def stopped():
                cursor.execute(waiting)
                return cursor.fetchone()[0] > 0

            wait_for(stopped)
            stack.kill_worker()
        holder.rollback()
        holder.close()
        time.sleep(2)
        assert figures() == wrong
        assert Recount.objects.filter(kind="full").count() == logs
        stack.start_worker()
        stack.python(SEND)
        wait_for(lambda: Recount.objects.filter(kind="full").count() == logs + 1)
        log = Recount.objects.filter(kind="full").latest("pk")
        measured(mended=log.mended, figures=sum(map(len, right)))
        assert figures() == right
