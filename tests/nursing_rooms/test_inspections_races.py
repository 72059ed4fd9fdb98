"""Two inspectors with two phones: scores at the same moment, and a score at the moment of finishing."""

import time

from django.core.management import call_command
from django.utils import timezone

from nursing_rooms.models import RoomInspection, RoomScore
from nursing_rooms.services.inspections import room_inspection_plan
from portal.core import locks
from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.inspections.selectors import result_of
from portal.inspections.services.inspections import inspection_finish, inspection_start
from portal.inspections.services.scores import score_set
from tests.factories.inspections import make_rubric
from tests.factories.members import make_staff
from tests.factories.nursing_rooms import make_room
from tests.factories.organizations import make_organization, make_unit
from tests.threads import at_once

ROUNDS = 5


def under_way():
    """Return an inspection that is under way, its two inspectors and its only item."""
    call_command("load_legal_parameters", verbosity=0)
    county = make_organization(kind="county")
    team = [make_staff(county), make_staff(county)]
    if not RoomInspection.objects.exists():
        make_rubric("nursing_rooms.room", Area.NURSING_ROOMS)
    row = room_inspection_plan(
        actor=team[0],
        room=make_room(make_unit(county)),
        organization=county,
        planned_on=timezone.localdate(),
        inspectors=team,
        lead=team[0],
    )
    row = inspection_start(actor=team[0], inspection=row)
    return row, team, row.rubric_version.items.get()


def score_at_once():
    row, team, item = under_way()
    work = [(team[number % 2], number) for number in range(8)]
    return row, at_once(lambda one: score_set(actor=one[0], inspection=row, item=item, points=one[1]), work, threads=8)


def test_many_answers_to_one_item_are_one_row(fresh_database):
    row, answers = score_at_once()
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert RoomScore.objects.filter(inspection=row).count() == 1


def hold_nothing(instance):
    """Read the row without a lock and wait long enough for others to read the same state."""
    row = type(instance)._default_manager.get(pk=instance.pk)
    time.sleep(0.05)
    return row


def test_control_without_the_lock_answers_meet_the_constraint(fresh_database, monkeypatch):
    monkeypatch.setattr(locks, "hold", hold_nothing)
    _row, answers = score_at_once()
    assert any(isinstance(answer, Exception) for answer in answers)


def finish_at_once():
    """Change the score at the moment of finishing; return whether the stored result is that of the scores."""
    row, (lead, other), item = under_way()
    score_set(actor=lead, inspection=row, item=item, points=10)
    acts = [
        lambda: inspection_finish(actor=lead, inspection=row, minutes="现场", confirmed=True),
        lambda: score_set(actor=other, inspection=row, item=item, points=1),
    ]
    answers = at_once(lambda act: act(), acts)
    row = RoomInspection.objects.get(pk=row.pk)
    return row.total == result_of(row).total, answers


def test_a_score_at_the_moment_of_finishing_counts_or_is_refused(fresh_database):
    for _round in range(ROUNDS):
        same, answers = finish_at_once()
        assert same
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert {(type(answer), answer.code) for answer in refused} <= {(DomainError, "not-under-way")}


def test_control_without_the_lock_the_result_is_not_that_of_the_scores(fresh_database, monkeypatch):
    monkeypatch.setattr(locks, "hold", hold_nothing)
    assert not all(finish_at_once()[0] for _round in range(ROUNDS))
