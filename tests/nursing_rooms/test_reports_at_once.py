"""Visitors who report at once, and a manager who settles meanwhile."""

from nursing_rooms.choices.reports import ReportState, Trouble
from nursing_rooms.models import RoomReport
from nursing_rooms.services.reports import report_fix, report_tap
from portal.core.errors import DomainError
from portal.deadlines.models import Deadline
from portal.messaging.models import Message
from tests.factories.nursing_rooms import make_manager, make_room
from tests.factories.rights import make_rights_law
from tests.threads import at_once


def test_twenty_who_report_the_same_at_once_make_one_report(committed):
    make_rights_law()
    room = make_room()
    make_manager(room)
    results = at_once(lambda _number: report_tap(room=room, trouble=Trouble.DIRTY), range(20), threads=20)
    assert not [result for result in results if isinstance(result, Exception)]
    assert RoomReport.objects.get().taps == 20
    assert Deadline.objects.open().count() == 1
    assert Message.objects.filter(kind="nursing_rooms.report_arrived", channel="in_app").count() == 1


def test_settling_and_reporting_at_once_never_stop_each_other(committed):
    """Both hold the room first: the database ends none of them, and each tap is in one report."""
    make_rights_law()
    room = make_room()
    manager = make_manager(room).member
    report_tap(room=room, trouble=Trouble.DIRTY)

    def work(number):
        if number % 4:
            return report_tap(room=room, trouble=Trouble.DIRTY)
        report = RoomReport.objects.open().first()
        return report and report_fix(actor=manager, report=report, answer="已打扫")

    results = at_once(work, range(40), threads=20)
    odd = [result for result in results if isinstance(result, Exception) and not isinstance(result, DomainError)]
    assert odd == []
    assert sum(RoomReport.objects.values_list("taps", flat=True)) == 31
    assert RoomReport.objects.filter(state=ReportState.OPEN).count() <= 1
