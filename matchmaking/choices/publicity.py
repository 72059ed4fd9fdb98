"""States and choices of nominations and media releases."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class Medium(models.TextChoices):
    TELEVISION = "television", _("Television")
    RADIO = "radio", _("Radio")
    NEWSPAPER = "newspaper", _("Newspaper")
    ONLINE = "online", _("Online")


class NominationState(models.TextChoices):
    ASKED = "asked", _("Waiting for the person's consent")
    CONSENTED = "consented", _("Agreed")
    DECLINED = "declined", _("Did not agree")
    NOMINATED = "nominated", _("Sent to the media outlet")
    RELEASED = "released", _("Published")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")


NOMINATION_TRANSITIONS = {
    NominationState.ASKED: {NominationState.CONSENTED: Step(), NominationState.DECLINED: Step(time=True)},
    NominationState.CONSENTED: {NominationState.NOMINATED: Step(), NominationState.WITHDRAWN: Step()},
    NominationState.NOMINATED: {NominationState.RELEASED: Step(), NominationState.WITHDRAWN: Step()},
    NominationState.RELEASED: {NominationState.WITHDRAWN: Step()},
    NominationState.DECLINED: {},
    NominationState.WITHDRAWN: {},
}
STANDING_NOMINATIONS = (NominationState.CONSENTED, NominationState.NOMINATED, NominationState.RELEASED)
