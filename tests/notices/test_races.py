"""Concurrent receipts and approvals."""

from portal.notices import services
from portal.notices.choices import NoticeState
from portal.notices.models import NoticeRead
from tests.factories.members import make_staff
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization
from tests.threads import at_once


def test_a_receipt_sent_many_times_is_one(fresh_database):
    city = make_organization()
    person = make_staff(city)
    notice = make_notice(city, state=NoticeState.PUBLISHED, created_by=person)
    answers = at_once(lambda _number: services.notice_confirm(notice=notice, actor=person), range(6))
    assert {type(answer) for answer in answers} == {NoticeRead}
    assert NoticeRead.objects.count() == 1


def test_of_two_decisions_one_holds(fresh_database):
    city = make_organization()
    notice = make_notice(city, state=NoticeState.SUBMITTED)
    chairs = [make_staff(city), make_staff(city)]
    work = [
        lambda: services.notice_approve(notice=notice, actor=chairs[0]),
        lambda: services.notice_return(notice=notice, actor=chairs[1], reason="改"),
    ]
    answers = at_once(lambda action: action(), work)
    assert sum(isinstance(answer, Exception) for answer in answers) == 1
