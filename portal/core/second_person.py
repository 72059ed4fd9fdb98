"""Where a second person decides: who proposed a row, and that nobody decides on her own."""


def proposers(row):
    """Return the pks of those who wrote or submitted ``row``; they are out when it is decided."""
    return {pk for pk in (row.created_by_id, row.submitted_by_id) if pk is not None}


def not_the_proposer(actor, row):
    """The second person is independent of who wrote or submitted the row; fits ``Step(allowed=...)``.

    Another person, and nobody whose account a proposer opened, or whom a proposer appointed, a short time ago.
    """
    return actor.may_second(proposers(row))


def may_decide(actor, row, area, capability):
    """Say whether ``actor``, independent of the proposer, has ``capability`` at the row's organisation or above."""
    return actor.can(area, capability, row.organization.path) and not_the_proposer(actor, row)
