"""What of matchmaking follows when a person's entry on the roster changes: sign-ups end where standing has ended."""

from matchmaking.services import signups_end


def people_changed(*, members):
    """End open sign-ups of those of ``members`` who may no longer take part in what is for singles."""
    signups_end(members=members)
