"""What a guardian is asked to consent to before a child is enrolled."""

from django.utils.translation import gettext_lazy as _

from portal.members.consents import Purpose

# Personal Information Protection Law, articles 28 to 31: as for the entry of a child (portal/members/consents.py).
ENROLMENT = Purpose(
    code="childcare.enrolment",
    version=1,
    title=_("Enrolling my child in a holiday class"),
    lines=(
        _("You agree as the child's parent or guardian."),
        _("Once the child has a place, the site's teachers see its name, sex and age, and your name and number."),
        _("The unions that are responsible for the class see only how many children are enrolled."),
        _("It is for holding the class and for reaching you, and for nothing else."),
        _("It is kept until 90 days after the class."),
        _("You can withdraw the child at any time; the place goes to the next child then."),
    ),
    by_guardian=True,
)
