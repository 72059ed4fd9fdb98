"""How agreements of this room are taken back: what stood on them stops in the same transaction."""

from django.db import transaction

from matchmaking import consents, services
from matchmaking.models import Participation
from portal.members.services import consent_withdraw
from portal.signups.choices import LIVE

PURPOSES = {purpose.code: purpose for purpose in (consents.EVENT, consents.PAIR_CONTACT, consents.PAIR_MATCHMAKER)}
# Of helping, and of being helped.
HELP = (consents.PLEDGE, consents.CASE_CONTACT, consents.INTRODUCTION_CONTACT)
PURPOSES |= {purpose.code: purpose for purpose in HELP}


@transaction.atomic
def take_back(row, actor):
    """Take back one standing consent of ``actor``: an event's withdraws her, a pair's closes what it opened."""
    if row.purpose == consents.EVENT.code:
        signups = Participation.objects.filter(member=actor, offering_id=row.about_id, state__in=LIVE)
        for participation in signups.select_related("offering", "member"):
            services.event_leave(participation=participation, actor=actor)
    if row.purpose == consents.PLEDGE.code:
        services.volunteer_stop(member=actor)
    consent_withdraw(member=actor, purpose=PURPOSES[row.purpose], about_id=row.about_id)
