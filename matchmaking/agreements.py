"""Withdrawal of matchmaking consents: what depends on one ends in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from matchmaking import consents
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import Nomination, Participation, SingleProfile, WeddingCouple
from matchmaking.services.couples import couple_leave
from matchmaking.services.participations import event_leave
from matchmaking.services.profiles import profile_exit
from matchmaking.services.publicity import nomination_take_back
from matchmaking.services.volunteers import volunteer_stop
from portal.members.services.consents import consent_withdraw
from portal.signups.choices import LIVE

if TYPE_CHECKING:
    from portal.members.models import Consent, Member

PURPOSES = {purpose.code: purpose for purpose in (consents.EVENT, consents.PAIR_CONTACT, consents.PAIR_MATCHMAKER)}
PURPOSES |= {
    purpose.code: purpose for purpose in (consents.WEDDING, consents.PUBLICITY, consents.SINGLE, consents.PROFILE)
}

DECIDING = (WeddingState.OPEN, WeddingState.CLOSED)
# Consents of matchmakers, and of the singles in their care.
HELP = (consents.PLEDGE, consents.CASE_CONTACT, consents.INTRODUCTION_CONTACT)
PURPOSES |= {purpose.code: purpose for purpose in HELP}


@transaction.atomic
def take_back(row: Consent, actor: Member) -> None:
    """Withdraw a valid consent of ``actor``.

    Withdrawing the consent to an event withdraws the actor from it, to a pair closes what the consent opened, and to a
    profile takes the actor out of matchmaking.
    """
    if row.purpose == consents.EVENT.code:
        signups = Participation.objects.filter(member=actor, offering_id=row.about_id, state__in=LIVE)
        for participation in signups.select_related("offering", "member"):
            event_leave(participation=participation, actor=actor)
    if row.purpose == consents.WEDDING.code:
        couples = WeddingCouple.objects.all().of(actor).live().filter(wedding=row.about_id, wedding__state__in=DECIDING)
        for couple in couples.select_related("wedding"):
            couple_leave(couple=couple, actor=actor)
    if row.purpose == consents.PUBLICITY.code and row.about_id is not None:
        for nomination in Nomination.objects.all().of(actor).filter(pk=row.about_id).open_to_taking_back():
            nomination_take_back(nomination=nomination, actor=actor)
    if row.purpose in (consents.SINGLE.code, consents.PROFILE.code):
        # Without the declaration or the consent there is no profile: the single leaves.
        for profile in SingleProfile.objects.own(actor).exclude(state=ProfileState.EXITED):
            profile_exit(profile=profile, actor=actor)
    if row.purpose == consents.PLEDGE.code:
        volunteer_stop(member=actor)
    consent_withdraw(member=actor, purpose=PURPOSES[row.purpose], about_id=row.about_id)
