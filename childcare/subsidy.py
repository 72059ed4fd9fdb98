"""The subsidy of a class term by the number of its children (domain.md B7, the rule of Xiamen as the default)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

# From how many children on each amount is paid.
STEPS = (30, 20, 10)


@dataclass(frozen=True)
class Subsidy:
    """An amount in yuan, with the rule that gives it."""

    amount: Decimal
    rule: str


def subsidy_of(
    children: int, days: int, classes_before: int, amounts: Mapping[int, Decimal], *, least_days: int, most_classes: int
) -> Subsidy:
    """Return the subsidy of a class in which ``children`` came, on ``days`` days.

    ``amounts`` holds the yuan for each of STEPS; ``classes_before`` are the classes of the site in this year that were
    subsidised before it, of which ``most_classes`` may be. Too few days, too few children or too many classes give 0.
    """
    nothing = next(iter(amounts.values())) * 0
    if days < least_days:
        return Subsidy(nothing, _("Fewer than %(days)s days: no subsidy") % {"days": least_days})
    if classes_before >= most_classes:
        return Subsidy(nothing, _("%(count)s classes of the site have a subsidy already") % {"count": classes_before})
    for step in STEPS:
        if children >= step:
            return Subsidy(amounts[step], _("From %(count)s children") % {"count": step})
    return Subsidy(nothing, _("Fewer than %(count)s children: no subsidy") % {"count": STEPS[-1]})
