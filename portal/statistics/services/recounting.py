"""Recounts: of everything each night, and of what was touched within a minute.

Figures are never incremented.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core import locks
from portal.core.errors import Conflict
from portal.core.figures import People
from portal.core.periods import containing, month_of
from portal.core.services import steps_of
from portal.messaging.models import Touch
from portal.messaging.services.touching import EVERYTHING
from portal.organizations.models import OrganizationLine
from portal.statistics.choices import RecountKind
from portal.statistics.models import FigureFault, OwnFigure, Recount
from portal.statistics.registry import counted, touched
from portal.statistics.services.publishing import publish, publish_if_due
from portal.statistics.services.statements import Scope, all_recount, figures_recount, own_recount, people_recount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.models import QuerySet

    from portal.core.figures import Indicator
    from portal.statistics.services.statements import Told

TURN = "statistics.recount"
WAIT_SECONDS = 1800
TOUCHES_AT_ONCE = 5000
FAULTS_KEPT = 1000
LOGS_KEPT = timedelta(days=30)
SETTINGS = ("work_mem = '256MB'", "jit = off", "statement_timeout = 0")


@contextlib.contextmanager
def _transaction(*, snapshot: bool) -> Iterator[None]:
    """Run a recount in one transaction; the settings of a caller's own transaction are not changed."""
    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if snapshot and not inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for setting in () if inside else SETTINGS:  # they would remain set for the caller
            cursor.execute(f"SET LOCAL {setting}")
        yield


def recount() -> Recount:
    """Recount everything from the business rows; return the log row.

    First the touched figures are recounted, then everything. A figure that the second pass still changes is an error,
    except in the first full recount. Waits for a recount that is running, and raises Conflict if that takes longer than
    half an hour. A crash leaves everything as it was.
    """
    with locks.one_at_a_time(TURN, wait=WAIT_SECONDS) as mine:
        if not mine:
            raise Conflict(_("The figures are being recounted. Please wait."), code="busy")
        with _transaction(snapshot=True):
            return _everything()


def _everything() -> Recount:
    begun = timezone.now()
    is_first = not Recount.objects.filter(kind=RecountKind.FULL).exists()
    taken, changed = 0, 0
    if is_first:
        taken = Touch.objects.all().delete()[0]
    else:
        while touches := _take():
            taken, changed = taken + len(touches), changed + _touched(touches)
    mended, faults = 0, []
    with steps_of("statistics.recount") as steps:
        for indicator in counted():
            recount_one = _people_everywhere if isinstance(indicator.figure, People) else all_recount
            with steps.one(indicator):
                count, told = recount_one(indicator, faults=0 if is_first else FAULTS_KEPT)
                mended += count
                faults += [(indicator.code, *row) for row in told]
    changed, mended = (mended, 0) if is_first else (changed, mended)
    log = Recount.objects.create(
        kind=RecountKind.FULL,
        started_at=begun,
        finished_at=timezone.now(),
        touches=taken,
        changed=changed,
        mended=mended,
    )
    FigureFault.objects.bulk_create(
        FigureFault(recount=log, indicator=code, organization_id=node, kind=kind, start=start, was=was, now=now)
        for code, node, kind, start, was, now in faults[:FAULTS_KEPT]
    )
    Recount.objects.filter(finished_at__lt=begun - LOGS_KEPT).delete()
    publish()
    return log


def _people_everywhere(indicator: Indicator, faults: int) -> Told:
    own = own_recount(indicator)
    count, told = people_recount(indicator, faults=faults)
    return own + count, told


def recount_touched() -> Recount | None:
    """Recount what the touches name, and delete the touches; return the log row.

    Returns None when there are no touches, or when another recount is running.
    """
    with locks.one_at_a_time(TURN, wait=0) as mine:
        if not mine:
            return None
        with _transaction(snapshot=False):
            begun = timezone.now()
            touches = _take()
            if not touches:
                publish_if_due()
                return None
            changed = _touched(touches)
            if not publish_if_due() and changed:
                years = [touch.last.year for touch in touches if touch.last]
                is_open = len(years) < len(touches)
                publish(min(touch.first.year for touch in touches), None if is_open else max(years))
            return Recount.objects.create(
                kind=RecountKind.TOUCHED,
                started_at=begun,
                finished_at=timezone.now(),
                touches=len(touches),
                changed=changed,
            )


def _take() -> list[Touch]:
    touches = list(Touch.objects.order_by("pk").select_for_update(skip_locked=True)[:TOUCHES_AT_ONCE])
    Touch.objects.filter(pk__in=[touch.pk for touch in touches]).delete()
    return touches


@dataclass
class _Place:
    """What was touched of one indicator: organisations, first month and last month (None: open)."""

    organizations: set[int] = field(default_factory=set)
    first: date = date.max
    last: date | None = date.min

    def add(self, organizations: set[int], first: date, last: date | None) -> None:
        self.organizations |= organizations
        self.first = min(self.first, month_of(first))
        if self.last is not None:
            self.last = None if last is None else max(self.last, month_of(last))


def _touched(touches: Sequence[Touch]) -> int:
    """Recount what ``touches`` name; return the number of figures that changed."""
    below = _ever_below({touch.organization_id for touch in touches if touch.source == EVERYTHING})
    places: defaultdict[tuple[str, bool], _Place] = defaultdict(_Place)
    for touch in touches:
        organizations = {touch.organization_id}
        if touch.source == EVERYTHING:
            organizations |= below[touch.organization_id]
        for indicator in touched(touch.source):
            # Touches with an end are kept apart from open ones, so that an event recounts only its own month.
            key = (indicator.code, touch.last is None)
            places[key].add(organizations, touch.first, touch.last)
    changed = 0
    with steps_of("statistics.touched") as steps:
        for indicator in counted():
            for is_open in (False, True):
                place = places.get((indicator.code, is_open))
                if place is not None:
                    with steps.one(indicator):
                        changed += _recount_place(indicator, place)
    return changed


def _ever_below(moved: set[int]) -> dict[int, set[int]]:
    """Return, for each of ``moved``, the organisations that were below it at any time."""
    below: defaultdict[int, set[int]] = defaultdict(set)
    if moved:
        for pk, path in OrganizationLine.objects.values_list("organization_id", "path").iterator():
            for above in moved.intersection(_line(path)):
                below[above].add(pk)
    return below


def _recount_place(indicator: Indicator, place: _Place) -> int:
    scope = Scope(tuple(place.organizations), place.first, place.last)
    is_people = isinstance(indicator.figure, People)
    before = _paths(indicator, scope) if is_people else set()
    cells = own_recount(indicator, scope)
    if not is_people:
        if not cells:
            return 0
        nodes = {node for path, _month in cells for node in _line(path)}
        return len(cells) + figures_recount(indicator, nodes=nodes, months={month for _path, month in cells})
    # One person may replace another and leave the number as it was, so every touched month is counted again.
    months = _months(indicator, scope, cells)
    paths = before | _paths(indicator, scope) | {path for path, _month in cells}
    if not paths or not months:
        return 0
    periods = {period for month in months for period in containing(month)}
    count, _told = people_recount(indicator, nodes={node for path in paths for node in _line(path)}, periods=periods)
    return len(cells) + count


def _line(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/")]


def _own_of(indicator: Indicator, scope: Scope) -> QuerySet[OwnFigure]:
    own = OwnFigure.objects.filter(
        indicator=indicator.code, organization_id__in=scope.organizations, month__gte=scope.first
    )
    return own.filter(month__lte=scope.last) if scope.last else own


def _paths(indicator: Indicator, scope: Scope) -> set[str]:
    return set(_own_of(indicator, scope).values_list("path", flat=True).distinct())


def _months(indicator: Indicator, scope: Scope, cells: Iterable[tuple[str, date]]) -> set[date]:
    return set(_own_of(indicator, scope).values_list("month", flat=True).distinct()) | {month for _path, month in cells}
