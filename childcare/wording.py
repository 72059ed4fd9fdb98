"""Labels of actions on care sites and class terms in the audit."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "paper": _("Safety paper added"),
    "reserve": _("Places reserved"),
    "sign": _("Agreement signed"),
    "decline": _("Application declined"),
    "freeze": _("List frozen for the draw"),
    "draw": _("Places drawn"),
    "renew": _("Next check entered"),
    "children_read": _("Names of the children read"),
    "attendance": _("Attendance list exported"),
    "alert": _("Alert sent"),
    "begin": _("Presence begun"),
    "care": _("What teachers must know changed"),
    "mark": _("Child counted"),
    "rate": _("Class rated"),
    "settle": _("Settled"),
    "second_contact": _("Second contact changed"),
    "discard": _("Settlement taken back"),
    "note": _("Added to the report"),
    "places": _("Places entered"),
}
ACTORS = {}
