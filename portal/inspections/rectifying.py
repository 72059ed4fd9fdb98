"""The clocks of findings: until when the inspected unit must rectify what an inspection found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import LONGEST
from portal.core.choices import Capability
from portal.deadlines.choices import RollingRule, Unit
from portal.deadlines.clock import Clock
from portal.inspections.choices import Severity
from portal.members.selectors import holders, nobody_nearer
from portal.organizations.selectors import legal_count

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from portal.core.choices import Area
    from portal.inspections.models import Finding
    from portal.members.models import Member
    from portal.organizations.models import Organization

# A unit sees on its first page what it has to rectify from this many days before the last day on.
SHOWN_DAYS = 30


def finding_clocks(model: type[Finding], *, area: Area, unit: str, source: StrOrPromise) -> list[Clock]:
    """Return the clocks of the findings of an area, one for each severity.

    ``unit`` is the path of names from a finding to the organisation of the inspected unit. The days are the legal
    parameters ``<clock of the model>_<severity>_days``; a last day off moves to the next working day.
    """
    return [_clock(model, severity, area, unit, source) for severity in Severity]


def _clock(model: type[Finding], severity: Severity, area: Area, unit: str, source: StrOrPromise) -> Clock:
    code = f"{model.clock}_{severity}"
    rows: Any = model._default_manager

    def amount(start: date) -> int:
        return legal_count(f"{code}_days", on=start, most=LONGEST)

    def waiting(member: Member) -> QuerySet[Finding]:
        nearest = nobody_nearer(member, area, Capability.EDIT, organization=unit)
        found: QuerySet[Finding] = rows.to_rectify(severity).filter(nearest).not_inspected_by(member)
        return found

    def told(finding: Finding) -> Iterable[Member]:
        inspection = finding.inspection
        team = set(inspection.inspectors.values_list("member_id", flat=True))
        keepers = [member for member in inspection.keepers() if member.pk not in team]
        return list(dict.fromkeys([*keepers, *holders(area, Capability.EDIT, inspection.unit, but=team)]))

    def above(finding: Finding, organization: Organization) -> Iterable[Member]:
        return holders(area, Capability.EDIT, organization)

    return Clock(
        code=code,
        model=model,
        name=format_lazy("{}: {}", _("Finding of an inspection"), severity.label),
        unit=Unit.DAYS,
        amount=amount,
        source=source,
        rolling=RollingRule.NEXT_WORKING_DAY,
        open=lambda: rows.to_rectify(severity),
        seen_by=rows.visible_to,
        waiting=waiting,
        told=told,
        above=above,
        organization=unit,
        area=area,
        related=("inspection__organization", unit),
        title=lambda finding: (
            _g("Rectify finding no. %(number)s: %(subject)s")
            % {"number": finding.pk, "subject": finding.inspection.subject}
        ),
        icon="tool",
        due_kind="inspections.finding_due",
        overdue_kind="inspections.finding_overdue",
        shown_days=SHOWN_DAYS,
    )
