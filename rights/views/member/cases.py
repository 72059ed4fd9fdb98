"""Pages of somebody who asks for help: the form, the receipt, and what becomes of the request.

They are open without sign-in, and whoever is signed in leaves no trace of the account.
"""

from django.contrib.auth.decorators import login_not_required
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from portal.core import limits
from portal.core.errors import TooMany
from portal.exchange.uploads import SealedUploadMixin
from portal.receipts import openings
from portal.receipts.views import (
    ReceiptCodeView,
    ReceiptFollowedView,
    ReceiptFollowView,
    ReceiptLeaveView,
    ReceiptMixin,
)
from portal.web.address import visitor_key
from portal.web.forms import ConfirmForm
from portal.web.views import FormPageView
from rights.choices.cases import CASE_LINE, CaseState, Outcome
from rights.forms.cases import NAMING_WORDS, AgainForm, AnswerForm, AskForm, CaseFileForm
from rights.models import RightsCase
from rights.retention import deleted_on
from rights.services.applicants import case_answer, case_object, case_reopen_by_applicant, case_write_by_applicant
from rights.services.cases import case_submit
from rights.services.files import file_add

# What the applicant reads about each state, instead of its name.
STATE_WORDS = {
    CaseState.SUBMITTED: _("The union has your request and decides by the day below whether it can take it on."),
    CaseState.NOT_ACCEPTED: _("The union has not taken your request on. You find the reason below."),
    CaseState.HANDLING: _("The union is working on your case."),
    CaseState.CLOSING: _("The union believes that the case is settled. A second person is checking this."),
    CaseState.CLOSED: _("The case is closed. You find the result below."),
}
# What can still be done after each outcome; no sentence congratulates.
NEXT_WORDS = {
    Outcome.ADVISED: _("If the advice does not help, reopen the case here."),
    Outcome.NEGOTIATED: _("If the employer does not keep to what was agreed, reopen the case here."),
    Outcome.MEDIATED: _("If the employer breaks the agreement, you may ask a court to confirm and enforce it."),
    Outcome.ARBITRATED: _("Whoever disagrees with the award may go to court within the period that it states."),
    Outcome.JUDGED: _("Ask your legal aid lawyer about an appeal and about enforcement."),
    Outcome.NOT_PROVEN: _("If you find new evidence, reopen the case here. Legal advice by phone: 12348."),
    Outcome.WITHDRAWN: _("You can reopen the case here, or ask again at any time."),
}
UNKNOWN_EMPLOYER = _("not found among the unions; write here whom you want to keep away")
REQUESTS, REQUEST_SECONDS = 10, 3600


class HelpMixin(ReceiptMixin):
    """What all pages of the applicant share."""

    model = RightsCase
    url_base = "rights:help"


@method_decorator(login_not_required, name="dispatch")
class HelpAskView(SealedUploadMixin, HelpMixin, FormPageView):
    """The request for help, with or without a name; the code of the receipt comes next."""

    template_name = "rights/help_ask.html"
    form_class = AskForm
    title = _("Ask the union for help")

    def get_context_data(self, **kwargs):
        return super().get_context_data(naming_words=NAMING_WORDS, **kwargs)

    def perform(self, form):
        limits.consume("rights.ask", visitor_key(self.request), limit=REQUESTS, seconds=REQUEST_SECONDS)
        data = {name: value for name, value in form.cleaned_data.items() if name != "agreed"}
        case, code = case_submit(**data)
        openings.code_keep(self.request, case, code)

    def refused(self, form, error):
        response = super().refused(form, error)
        if isinstance(error, TooMany):
            response.status_code = error.status
        return response

    def next_url(self, result):
        return self.address_of("code")


class HelpCodeView(HelpMixin, ReceiptCodeView):
    """The code of the receipt, shown once."""


class HelpFollowView(HelpMixin, ReceiptFollowView):
    """The way in by the code."""


class HelpFollowedView(HelpMixin, ReceiptFollowedView):
    """What becomes of the request, in plain words; the applicant writes, answers, objects and reopens here."""

    template_name = "rights/help_followed.html"

    def state_words(self):
        return STATE_WORDS[self.object.state]

    def get_facts(self):
        case = self.object
        facts = [*super().get_facts(), (_("Union in charge"), case.organization.name)]
        if case.employer:
            known = _("known to the unions; its people are kept away") if case.unit_id else UNKNOWN_EMPLOYER
            facts.append((_("Your employer"), known))
        if case.state == CaseState.SUBMITTED:
            facts.append((_("Decision by"), case.due_on))
        if case.number:
            facts.append((_("Case number"), case.number))
        return facts

    def get_context_data(self, **kwargs):
        case = self.object
        line = [CaseState.SUBMITTED, CaseState.HANDLING, CaseState.CLOSED]
        at = CASE_LINE.index(case.state) if case.state in CASE_LINE else 0
        return super().get_context_data(
            case=case,
            line=[{"label": state.label, "state": self._place(CASE_LINE.index(state), at, case)} for state in line],
            steps=list(case.steps.exclude(kind="note").order_by("on", "pk")),
            next_words=NEXT_WORDS.get(case.outcome, "") if case.state == CaseState.CLOSED else "",
            closed=case.state == CaseState.CLOSED,
            declined=case.state == CaseState.NOT_ACCEPTED,
            deleted_on=deleted_on(case),
            may_object=case.state == CaseState.NOT_ACCEPTED and case.objected_at is None,
            **kwargs,
        )

    @staticmethod
    def _place(place, at, case):
        if place == at or (place == 1 and case.state == CaseState.CLOSING):
            return "current"
        return "done" if place < at else "next"

    def write(self, text):
        case_write_by_applicant(case=self.object, text=text)


class HelpActionView(HelpFollowedView):
    """Something that the applicant does with the request that is open in this session."""

    template_name = "rights/help_action.html"
    success_message = _("Saved.")
    submit_label = _("Save")
    consequence = ""

    def get_initial(self):
        return {}

    def perform(self, form):
        self.act(form.cleaned_data)
        openings.opening_extend(self.request, self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            submit_label=self.submit_label,
            consequence=self.consequence,
            back_url=reverse("rights:help-followed"),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class HelpFileView(SealedUploadMixin, HelpActionView):
    """The applicant sends a picture or document."""

    form_class = CaseFileForm
    title = _("Send a picture or document")
    submit_label = _("Send")
    success_message = _("The file is stored encrypted. The people who handle your case can open it.")

    def act(self, data):
        file_add(actor=None, case=self.object, file=data["file"])


class HelpAnswerView(HelpActionView):
    """The applicant says whether it is solved."""

    form_class = AnswerForm
    title = _("Is it solved?")
    success_message = _("Thank you. The union reads your answer.")

    def act(self, data):
        case_answer(case=self.object, **data)


class HelpReopenView(HelpActionView):
    """The applicant reopens a closed case."""

    form_class = AgainForm
    title = _("Reopen my case")
    submit_label = _("Reopen")
    consequence = _("The union gets your case again and reads what you write here.")
    success_message = _("Your case is open again.")

    def act(self, data):
        case_reopen_by_applicant(case=self.object, text=data["text"])


class HelpObjectView(HelpActionView):
    """The applicant takes a declined request to the level above."""

    form_class = ConfirmForm
    title = _("Ask the level above")
    submit_label = _("Ask the level above")
    consequence = _("The union above gets your request and decides anew. The first union has no access any more.")
    success_message = _("The level above has your request.")

    def act(self, data):
        case_object(case=self.object)


class HelpLeaveView(HelpMixin, ReceiptLeaveView):
    """The way out, at once."""
