"""The text messages of childcare, in the form that the SMS provider approves.

A phone shows them while it is locked, so they name no child.
"""

from django.utils.translation import gettext_lazy as _

from portal.messaging.texts import Parameter, Shape, SmsTemplate

BEGINS = (Parameter("day", Shape.DAY, source="day"),)
AT = (Parameter("day", Shape.DAY, source="at"), Parameter("time", Shape.CLOCK, source="at"))
UNTIL = (Parameter("day", Shape.DAY, source="until"), Parameter("time", Shape.CLOCK, source="until"))

MOMENT = (Parameter("time", Shape.CLOCK, source="at"),)

TEMPLATES = (
    SmsTemplate(
        "childcare.place_offered",
        _("A place in a holiday class is held for you until %(day)s %(time)s. Please confirm it in the portal."),
        UNTIL,
    ),
    SmsTemplate(
        "childcare.term_changed",
        _("A holiday class for which you applied has changed. It begins on %(day)s. Please check the portal."),
        BEGINS,
    ),
    SmsTemplate(
        "childcare.term_cancelled",
        _("A holiday class for which you applied is cancelled. Please see the reason in the portal. We are sorry."),
        (),
    ),
    SmsTemplate(
        "childcare.class_tomorrow",
        _("The holiday class of your child begins on %(day)s at %(time)s. Please see the place in the portal."),
        AT,
    ),
    SmsTemplate(
        "childcare.child_absent",
        _("At %(time)s your child was not in its holiday class yet. Please call the teachers now."),
        MOMENT,
    ),
    SmsTemplate(
        "childcare.absence_unexplained",
        _("At %(time)s a child is missing in a holiday class and nobody has explained it. Please see the portal."),
        MOMENT,
    ),
    SmsTemplate("childcare.child_arrived", _("Your child is in its holiday class since %(time)s."), MOMENT),
    SmsTemplate(
        "childcare.not_given",
        _("At %(time)s somebody came for your child who may not collect it. The child is with the teachers."),
        MOMENT,
    ),
    SmsTemplate(
        "childcare.pickup_listed",
        _("A person who may collect your child was entered. If it was not you, please open the portal now."),
        (),
    ),
    SmsTemplate(
        "childcare.incident",
        _("An incident in a holiday class at %(time)s was reported. Please read the report in the portal."),
        MOMENT,
    ),
    SmsTemplate(
        "childcare.incident_late",
        _("Nobody has acknowledged the report of an incident in a holiday class. Please read it in the portal."),
        (),
    ),
    SmsTemplate(
        "childcare.entered_absent",
        _("Your child is entered as absent from its holiday class on %(day)s. If that is wrong, call the teachers."),
        BEGINS,
    ),
    SmsTemplate(
        "childcare.not_here",
        _("The arrival of your child was entered by mistake and is taken back. Call the teachers if you brought it."),
        (),
    ),
    SmsTemplate(
        "childcare.bar_changed",
        _("The teachers entered or ended a bar from collecting your child. Please see the portal."),
        (),
    ),
)
