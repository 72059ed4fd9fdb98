"""Actions on law sessions."""

from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm
from rights import rules
from rights.choices.law_sessions import LawSessionState
from rights.forms import law_sessions as forms
from rights.models import LawSession
from rights.services import law_sessions as services


def _if_cancelled(session):
    """Return what a cancellation does; nobody is told of a session that is over."""
    if session.is_over:
        return _("The session is over and is not counted. Nobody gets a message. This cannot be undone.")
    return _(
        "Everybody who has signed up is told, and reads the reason on the page of the session. This cannot be undone."
    )


SESSION = Actions(
    LawSession,
    prefix="session",
    path="sessions/",
    row_name="session",
    rule=rules.can_edit_session,
    line=(LawSessionState.DRAFT, LawSessionState.OPEN, LawSessionState.HELD),
    words={"create": _("Law session planned")},
    actions=[
        Action(
            name="open",
            service=services.session_open,
            target=LawSessionState.OPEN,
            label=_("Open for sign-up"),
            icon="speakerphone",
            consequence=_("Members can find the session and sign up."),
            done=_("The session is open for sign-up."),
        ),
        Action(
            name="hold",
            service=services.session_hold,
            target=LawSessionState.HELD,
            rule=rules.can_hold_session,
            form=forms.VisitsForm,
            label=_("Record who came"),
            icon="circle-check",
            title=_("Record how many people came"),
            consequence=_("The session and its visits are counted in the figures."),
            done=_("The session is recorded as held."),
        ),
        Action(
            name="correct",
            aside=True,
            service=services.session_correct,
            rule=rules.can_correct_session,
            form=forms.VisitsForm,
            initial=lambda session: {"visits": session.visits},
            label=_("Correct the number"),
            icon="edit",
            title=_("Correct how many people came"),
            consequence=_("The figures follow, and the change stays in the history."),
            done=_("The number is corrected."),
        ),
        Link(name="people", label=_("Participants"), icon="users", rule=rules.can_see_people),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_session),
        Action(
            name="cancel",
            service=services.session_cancel,
            target=LawSessionState.CANCELLED,
            rule=rules.can_change_session,
            form=ReasonForm,
            label=_("Cancel the session"),
            icon="x",
            consequence=_if_cancelled,
            danger=True,
            done=_("The session is cancelled."),
        ),
    ],
)
