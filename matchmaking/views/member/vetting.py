"""Member pages of the vetting of profiles and appeals."""

from django.utils.translation import gettext_lazy as _

from matchmaking.forms.vetting import AppealForm
from matchmaking.services.vetting import appeal_make
from matchmaking.views.member.pausing import ProfileActionView


class SingleAppealView(ProfileActionView):
    service = appeal_make
    form_class = AppealForm
    title = _("Object to the refusal")
    action_label = _("Send the objection")
    consequence = _("Somebody at the level above judges it, never who refused. Say what is not right.")
    success_message = _("Your objection is sent. You are told what comes of it.")
