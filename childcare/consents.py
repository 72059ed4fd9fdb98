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
        _("They also see when it comes, who collects it, and whom you name as a second contact."),
        _("The unions that are responsible for the class see only how many children are enrolled."),
        _("It is for holding the class and for reaching you, and for nothing else."),
        _("It is kept until 90 days after the class."),
        _("You can withdraw the child at any time; the place goes to the next child then."),
    ),
    by_guardian=True,
)

CARE = Purpose(
    code="childcare.care",
    version=1,
    title=_("What the teachers must know about my child"),
    lines=(
        _("You agree as the child's parent or guardian, separately from the enrolment."),
        _("The portal keeps what you write here about allergies, medicines and what else the teachers must know."),
        _("It is for the child's safety in this class, and for nothing else. It never decides about a place."),
        _("Class teachers and life teachers of the site see allergies and medicines, each look is recorded."),
        _("Only class teachers see what else you write. The unions see none of it."),
        _("It is kept encrypted until 90 days after the class."),
        _("You can do without it, and take it back at any time; what you wrote is deleted at once then."),
    ),
    by_guardian=True,
)
