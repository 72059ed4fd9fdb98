"""Actions on care sites, their safety papers and staff."""

from django.utils.translation import gettext_lazy as _

from childcare import rules
from childcare.choices.sites import SiteState
from childcare.forms import sites as forms
from childcare.models import CareSite, CareStaff, SafetyPaper
from childcare.services import sites as services
from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm

SITE = Actions(
    CareSite,
    prefix="site",
    path="sites/",
    row_name="site",
    rule=rules.can_edit_site,
    actions=[
        Action(
            name="paper",
            service=services.paper_add,
            rule=rules.can_change_site,
            form=forms.PaperForm,
            label=_("Add a safety paper"),
            icon="plus",
            consequence=_("A class can open only if all kinds of papers are valid on all its days."),
            done=_("The paper is entered."),
        ),
        Action(
            name="staff",
            service=services.staff_add,
            rule=rules.can_change_site,
            form=forms.StaffForm,
            label=_("Add a teacher or volunteer"),
            icon="user-plus",
            consequence=_(
                "The person is found by mobile number on the rosters in your scope, and is told. Class teachers and "
                "life teachers see the names of the enrolled children once a second person has confirmed them."
            ),
            done=_("The person is entered."),
        ),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_site),
        Action(
            name="end",
            service=services.site_end,
            target=SiteState.ENDED,
            form=ReasonForm,
            label=_("Close permanently"),
            icon="x",
            title=_("Close the site permanently"),
            consequence=_("No class can be held here any more, and the work of its staff ends. This cannot be undone."),
            danger=True,
            done=_("The site is permanently closed."),
        ),
    ],
)

PAPER = Actions(
    SafetyPaper,
    prefix="paper",
    path="papers/",
    row_name="paper",
    rule=rules.can_edit_paper,
    actions=[
        Action(
            name="remove",
            service=services.paper_remove,
            form=ReasonForm,
            label=_("Remove"),
            icon="x",
            title=_("Remove the safety paper"),
            consequence=_("If an open class needs this paper, new enrolments stop at once."),
            danger=True,
            done=_("The paper is removed."),
        ),
    ],
)

STAFF = Actions(
    CareStaff,
    prefix="staff",
    path="staff/",
    row_name="staff",
    rule=rules.can_end_work,
    actions=[
        Action(
            name="confirm",
            service=services.staff_confirm,
            rule=rules.can_confirm_staff,
            label=_("Confirm"),
            icon="circle-check",
            title=_("Confirm the teacher or volunteer"),
            consequence=_(
                "You confirm as the second person that you saw the result of the background check. Class teachers and "
                "life teachers see the names of the enrolled children from now on."
            ),
            done=_("The person is confirmed."),
        ),
        Action(
            name="renew",
            service=services.staff_renew,
            rule=rules.can_renew_check,
            form=forms.CheckForm,
            label=_("Enter the next check"),
            icon="refresh",
            title=_("Enter the next background check"),
            consequence=_("The check must be repeated every year."),
            done=_("The check is entered."),
        ),
        Action(
            name="end",
            service=services.staff_end,
            label=_("End the work"),
            icon="x",
            title=_("End the work at the site"),
            consequence=_("The person no longer sees the names of the children."),
            danger=True,
            done=_("The work is ended."),
        ),
    ],
)
