"""Every write to the tree: founding, changing, moving, merging, closing, and dated facts."""

from portal.organizations.services.facts import (
    COUNTS,
    committee_build,
    committee_end,
    committee_record,
    committees_bulk_create,
    committees_take_back,
    employer_build,
    employer_create,
    employer_update,
    employers_bulk_create,
    head_count_record,
    head_counts_bulk_create,
    head_counts_take_back,
)
from portal.organizations.services.founding import (
    EPOCH,
    organization_build,
    organization_close,
    organization_create,
    organization_update,
    organizations_bulk_create,
)
from portal.organizations.services.moving import (
    name_clashes,
    organization_merge,
    organization_move,
    organization_reopen,
)

__all__ = [
    "COUNTS",
    "EPOCH",
    "committee_build",
    "committee_end",
    "committee_record",
    "committees_bulk_create",
    "committees_take_back",
    "employer_build",
    "employer_create",
    "employer_update",
    "employers_bulk_create",
    "head_count_record",
    "head_counts_bulk_create",
    "head_counts_take_back",
    "name_clashes",
    "organization_build",
    "organization_close",
    "organization_create",
    "organization_merge",
    "organization_move",
    "organization_reopen",
    "organization_update",
    "organizations_bulk_create",
]
