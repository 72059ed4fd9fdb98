"""The agreement that a guardian signs for a child with a place; a changed sentence is a new version."""

from django.utils.translation import gettext_lazy as _

VERSION = 1
TITLE = _("Agreement on the holiday class")
LINES = (
    _("The operator named above runs the class, and answers for the safety of the children during its hours."),
    _("I bring the child on time, have it collected on time, and tell the teachers when it does not come."),
    _("I tell the teachers what they must know for the child's safety, and where I can be reached."),
    _("If the class has a fee, I pay it to the operator."),
    _("I can withdraw the child at any time."),
)
