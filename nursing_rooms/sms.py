"""The text messages of nursing rooms, in the form that the SMS provider approves; they say nothing of what is wrong."""

from django.utils.translation import gettext_lazy as _

from portal.messaging.texts import Parameter, Shape, SmsTemplate

ROOM = Parameter("room", Shape.NAME, instead=_("A nursing room"))

TEMPLATES = (
    SmsTemplate(
        "nursing_rooms.report_arrived",
        _("A visitor reported trouble at “%(room)s”. Please see the report and its deadline in the portal."),
        (ROOM,),
    ),
)
