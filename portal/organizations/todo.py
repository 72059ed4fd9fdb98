"""What is overdue in the tree: committees whose term is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.periods import Period, PeriodKind
from portal.organizations.choices import CommitteeKind
from portal.organizations.models import Organization, WomenCommittee
from portal.web.todo import Overdue, Todo

if TYPE_CHECKING:
    from portal.members.models import Member


def items_for(actor: Member) -> list[Todo]:
    """Return no items: an expired term is nobody's to-do item, it is only counted as overdue."""
    return []


def overdue_below(actor: Member, organization: Organization) -> list[Overdue]:
    """Return how many committees that ``actor`` may see are due for election by the end of this month.

    These are committees whose term ends by then and that have no new term yet.
    """
    month = Period.of(PeriodKind.MONTH, timezone.localdate())
    terms = WomenCommittee.objects.visible_to(actor).below(organization.path)
    late = terms.filter(kind=CommitteeKind.COMMITTEE, ended_on=None, term_ends_on__lte=month.end)
    return [Overdue(_("Committees whose term is over by the end of this month"), late.count(), code="ORG05")]
