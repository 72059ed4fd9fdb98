"""Where a second person decides: who proposed a row, and that nobody decides on her own."""


def proposers(row):
    """Return the pks of those who wrote or submitted ``row``; they are out when it is decided."""
    return {pk for pk in (row.created_by_id, row.submitted_by_id) if pk is not None}


def not_the_proposer(actor, row):
    """The second person is another one than who wrote or submitted the row; fits ``Step(allowed=...)``."""
    return actor.pk not in proposers(row)


def may_decide(actor, row, area, capability):
    """Say whether ``actor`` holds ``capability`` at the row's organisation or above and did not propose it."""
    return actor.can(area, capability, row.organization.path) and not_the_proposer(actor, row)
