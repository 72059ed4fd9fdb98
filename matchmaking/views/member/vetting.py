"""Member pages of the vetting of profiles and appeals."""

from django.utils.translation import gettext_lazy as _

from matchmaking.forms.vetting import AppealForm
from matchmaking.services.vetting import appeal_make
from matchmaking.views.member.pausing import ProfileActionView


class SingleAppealView(ProfileActionView):
    service = appeal_make
    form_class = AppealForm
    title = _("Appeal against the rejection")
    action_label = _("Submit the appeal")
    consequence = _(
        "The organisation at the level above decides, without the person who rejected "
        "your profile. Say what is not right."
    )
    success_message = _("Your appeal is submitted. You will be told the result.")
