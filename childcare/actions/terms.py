"""Actions on class terms."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from childcare import rules
from childcare.choices.terms import TermState
from childcare.forms import terms as forms
from childcare.models import ClassTerm
from childcare.services import draws, results
from childcare.services import terms as services
from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm


def _lacking(term):
    """Return why the safety gate is closed, or ''."""
    lacking = term.gaps()
    return (
        format_lazy("{} {}", _("Not valid on all days:"), "、".join(str(name) for name in lacking)) if lacking else ""
    )


TERM = Actions(
    ClassTerm,
    prefix="term",
    path="terms/",
    row_name="term",
    rule=rules.can_change_term,
    line=(TermState.PLANNED, TermState.CHECKED, TermState.ENROLLING),
    actions=[
        Action(
            name="check",
            service=services.term_check,
            target=TermState.CHECKED,
            rule=rules.can_check_term,
            label=_("Check the safety papers"),
            icon="clipboard-list",
            consequence=_("It is recorded that you compared the papers of the site with the days of the class."),
            done=_("The safety papers are checked."),
            hindered=_lacking,
        ),
        Action(
            name="open",
            service=services.term_open,
            target=TermState.ENROLLING,
            rule=rules.can_open_term,
            label=_("Open for enrolment"),
            icon="speakerphone",
            consequence=_("Members find the class, and can apply from the beginning of enrolment."),
            done=_("The class is open for enrolment."),
            hindered=_lacking,
        ),
        Action(
            name="freeze",
            service=draws.term_freeze,
            rule=rules.can_freeze_term,
            form=forms.FreezeForm,
            label=_("Freeze the list"),
            icon="lock",
            title=_("Freeze the list for the draw"),
            consequence=_(
                "Each application gets a number. The list and its check sum are published without names; nobody can "
                "enter or change it any more."
            ),
            done=_("The list is frozen and published."),
            lands=lambda term, made: term.get_absolute_url(),
        ),
        Action(
            name="draw",
            service=draws.term_draw,
            rule=rules.can_draw_term,
            form=forms.DrawForm,
            label=_("Draw the places"),
            icon="sparkles",
            consequence=_("The places are drawn once, and the result is published. The guardians are told."),
            done=_("The places are drawn."),
            hindered=_lacking,
            lands=lambda term, made: term.get_absolute_url(),
        ),
        Action(
            name="decline",
            service=draws.application_decline,
            rule=rules.can_decline_application,
            form=forms.DeclineForm,
            label=_("Decline an application"),
            icon="ban",
            consequence=_(
                "Possible only for one of two entries of a child. The guardian reads the reason; you see no name."
            ),
            done=_("The application is declined."),
            danger=True,
            lands=lambda term, made: term.get_absolute_url(),
            aside=True,
        ),
        Action(
            name="reserve",
            service=services.term_reserve,
            rule=rules.can_reserve_places,
            form=forms.ReservedForm,
            initial=lambda term: {"reserved": term.reserved, "reason": term.reserved_reason},
            label=_("Reserved places"),
            icon="users",
            title=_("Approve reserved places"),
            consequence=_("These places are given on paper. Everybody reads how many they are, and why."),
            done=_("The reserved places are set."),
            aside=True,
        ),
        Action(
            name="settle",
            service=results.term_settle,
            rule=rules.can_settle_term,
            when=rules.can_settle_term,
            form=forms.SettleForm,
            label=_("Settle the class"),
            icon="sum",
            consequence=_(
                "Children, days, teachers and the subsidy are counted from the lists of the days. A second person "
                "confirms them; only then are they in the statistics."
            ),
            done=_("The class is settled, and waits for a second person."),
            lands=lambda term, result: term.get_absolute_url(),
        ),
        Action(
            name="confirm",
            service=results.result_confirm,
            rule=rules.can_confirm_result,
            when=rules.can_confirm_result,
            label=_("Confirm the settlement"),
            icon="check",
            consequence=_("The class is in the statistics from now on. This cannot be undone."),
            done=_("The settlement is confirmed."),
            lands=lambda term, result: term.get_absolute_url(),
        ),
        Action(
            name="discard",
            service=results.result_discard,
            rule=rules.can_discard_result,
            when=rules.can_discard_result,
            aside=True,
            form=ReasonForm,
            label=_("Take the settlement back"),
            icon="arrow-back-up",
            consequence=_("The class can be settled again."),
            done=_("The settlement is taken back."),
            lands=lambda term, result: term.get_absolute_url(),
        ),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_term),
        Action(
            name="cancel",
            service=services.term_cancel,
            target=TermState.CANCELLED,
            rule=rules.can_change_term,
            form=ReasonForm,
            label=_("Cancel the class"),
            icon="x",
            consequence=_("All guardians whose children are enrolled or wait are told. This cannot be undone."),
            danger=True,
            done=_("The class is cancelled."),
        ),
    ],
)
