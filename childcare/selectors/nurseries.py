"""What a nursery lacks: groups that are too big, carers, its filing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from childcare.bands import BandRule, carers_needed, is_overfull
from childcare.selectors.days import MOST
from portal.organizations.selectors import legal_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from childcare.models import Nursery, NurseryPlaces
    from portal.organizations.models import Region


def rule_of(band: str, region: Region) -> BandRule:
    """Return the largest group and the ratio of an age band, in force today."""
    today = timezone.localdate()
    group, ratio = (
        legal_count(f"childcare.{name}_{band}", on=today, most=MOST, region=region) for name in ("group", "ratio")
    )
    return BandRule(group, ratio)


def nursery_gaps(nursery: Nursery, bands: Iterable[NurseryPlaces]) -> list[str]:
    """Return a sentence for each thing that the nursery lacks."""
    lacking = [] if nursery.filing_number else [_("It is not filed with the health office.")]
    for row in bands:
        rule = rule_of(row.band, nursery.region)
        if is_overfull(row.enrolled, row.groups, rule):
            lacking.append(
                _("%(band)s: a group has at most %(most)s children.")
                % {"band": row.get_band_display(), "most": rule.group}
            )
        needed = carers_needed(row.enrolled, rule)
        if row.carers < needed:
            lacking.append(
                _("%(band)s: %(needed)s carers are needed for %(children)s children; there are %(carers)s.")
                % {
                    "band": row.get_band_display(),
                    "needed": needed,
                    "children": row.enrolled,
                    "carers": row.carers,
                }
            )
    return lacking
