"""For each rule of inspections: an object of the home.

Inspections and findings are rows of areas; here they are stand-ins with the methods of the abstract models.
"""

from types import SimpleNamespace

from portal.core.choices import Area
from portal.core.roles import Role
from portal.inspections.choices import FindingState, InspectionState, VersionState
from portal.inspections.models import Inspection
from portal.inspections.services.rubrics import version_begin, version_submit
from tests.factories.inspections import make_rubric, make_version
from tests.factories.members import make_member, make_staff
from tests.factories.organizations import make_province, make_unit


class Visit:
    """An inspection by the city of a unit below it."""

    area = Area.RIGHTS
    state = InspectionState.UNDER_WAY
    qualified = Inspection.qualified
    barred = Inspection.barred
    keepers = Inspection.keepers

    def __init__(self, home, *inspectors):
        self.organization, self.unit = home.city, make_unit(home.city)
        team = [SimpleNamespace(member_id=member.pk, lead=True) for member in inspectors]
        self.inspectors = SimpleNamespace(all=lambda: team)


def visit(home):
    return Visit(home, home.chair)


def finding(home, state=FindingState.TO_RECHECK):
    """Return a finding of an inspection by another person, answered by the unit."""
    inspection = Visit(home, make_staff(home.city))
    answered_by = make_member(inspection.unit)
    return SimpleNamespace(
        inspection=inspection, state=state, answered_by_id=answered_by.pk, answerer_pks={answered_by.pk}
    )


def keeper():
    return make_staff(make_province())


def draft(home):
    return make_version(state=VersionState.DRAFT), keeper()


def submitted(home):
    author, second = keeper(), make_staff(make_province(), role=Role.REVIEWER)
    return version_submit(actor=author, version=version_begin(actor=author, rubric=make_rubric())), second


def item(home):
    version, actor = draft(home)
    return version.items.get(), actor


RULES = {
    "can_edit_rubric": lambda home: (make_rubric(), keeper()),
    "can_edit_version": draft,
    "can_change_version": draft,
    "can_change_item": item,
    "can_approve_version": submitted,
    "can_edit_inspection": visit,
    "can_inspect": visit,
    "can_score": visit,
    "can_finish": visit,
    "can_answer_finding": finding,
    "can_recheck_finding": finding,
    "can_withdraw_finding": finding,
}
