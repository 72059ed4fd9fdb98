"""The indicators of duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.figures import Indicator, Stock
from portal.core.roles import Role
from portal.members.models import Duty

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _cadres() -> QuerySet[Duty]:
    return Duty.objects.filter(role__in=[Role.CHAIR, Role.CADRE], stand_in_for=None)


INDICATORS = [
    Indicator(
        "ORG06",
        _("Women workers' cadres"),
        _("Duties of chairs and cadres of women's committees held on the last day of the period, without stand-ins."),
        _("posts"),
        Area.MEMBERS,
        Stock(_cadres, organization="organization", since="valid_from", until="valid_until"),
        order=109,
    ),
]
