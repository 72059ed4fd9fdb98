"""Selectors for the choice round."""

from __future__ import annotations

from matchmaking import keys
from matchmaking.choices.events import EventState
from matchmaking.models import Choice, Participation
from portal.core.errors import DomainError


def own_choices(participation: Participation) -> list[int]:
    """Return the ids of the participants that ``participation`` has chosen, the first choice first.

    They are found by computing the token of each candidate and looking it up among the stored tokens.
    """
    if participation.offering.state != EventState.CHOICE_OPEN:
        return []
    stored = {bytes(row.token): row.rank for row in Choice.objects.filter(chooser=participation)}
    if not stored:
        return []
    try:
        key = keys.key_read(participation.offering.round.pk)
    except DomainError:
        return []
    candidates = Participation.objects.candidates_of(participation).values_list("pk", flat=True)
    ranked = {}
    for other in candidates:
        rank = stored.get(keys.pair_token(key, participation.pk, other))
        if rank:
            ranked[rank] = other
    return [ranked[rank] for rank in sorted(ranked)]
