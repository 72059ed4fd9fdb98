"""Which agency words a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from portal.papers.models import AgencyWord


class AgencyWordQuerySet(OrgScopedQuerySet["AgencyWord"]):
    """Agency words, a fact of the organisation they belong to."""

    area = Area.ORGANIZATIONS
