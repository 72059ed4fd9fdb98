"""Desk pages of follow-ups: the list, and the page of one follow-up."""

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.filters.follow_ups import FollowUpFilter
from matchmaking.forms.follow_ups import FollowUpForm
from matchmaking.models import FollowUp
from matchmaking.selectors.follow_ups import completion, halves, pair_for_follow_up, reads_words
from matchmaking.services.follow_ups import follow_up_ask, follow_up_record
from matchmaking.tables.follow_ups import FollowUpTable
from matchmaking.tables.pairs import helper_names, pair_code
from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.web.views import ActionView, CapabilityMixin, DetailView, ListView, RowFormView

HISTORY_WORDS = {"quiet": _("No follow-up wanted"), "ask": _("Both people were asked by message")}


class FollowUpListView(CapabilityMixin, ListView):
    """Follow-ups of the events that the reader may edit.

    Due ones come first, the longest overdue on top, then the rest.
    """

    model = FollowUp
    area = Area.MATCHMAKING
    capability = Capability.EDIT
    table_class = FollowUpTable
    filterset_class = FollowUpFilter
    template_name = "matchmaking/follow_up_list.html"
    title = _("Follow-ups")
    empty_title = _("No follow-ups yet")
    empty_text = _("Each pair has three follow-ups after its event is revealed: after 3 days, 3 weeks and 3 months.")
    export_columns = (
        (_("Event"), "pair__event__title"),
        (_("Pair"), lambda row: pair_code(row.pair_number)),
        (_("Kind"), "get_kind_display"),
        (_("Due"), "due_on"),
        (_("State"), "get_state_display"),
        (_("Completed on"), "done_on"),
        (_("Result"), "get_result_display"),
        (_("Matchmaker"), lambda row: helper_names(row.pair)),
    )

    def can_create(self):
        return False

    def get_queryset(self):
        first = Case(When(state=FollowUpState.DUE, then=Value(0)), default=Value(1), output_field=IntegerField())
        return super().get_queryset().order_by(first, "due_on", "pk")

    def get_context_data(self, **kwargs):
        done, due = completion(self.object_list)
        return super().get_context_data(done=done, due=due, **kwargs)


class OfFollowUpMixin:
    """A page of one follow-up, in the shell of its reader: a matchmaker need not be staff."""

    model = FollowUp
    shell = None

    def get_title(self):
        if self.title:
            return self.title
        return _("Follow-up: pair %(code)s") % {"code": pair_code(self.object.pair_number)}


class FollowUpDetailView(OfFollowUpMixin, DetailView):
    """The pair by number, whom to call where both agreed, and the notes."""

    template_name = "matchmaking/follow_up_detail.html"

    def get_context_data(self, **kwargs):
        row, reader = self.object, self.request.user
        pair = pair_for_follow_up(row)
        edits = reader.can(Area.MATCHMAKING, Capability.EDIT, pair.event.organization.path)
        due = row.state == FollowUpState.DUE
        steps = [
            {"url": reverse("matchmaking:follow-up-record", args=[row.pk]), "label": _("Record the result"),
             "icon": "phone-call"},
            {"url": reverse("matchmaking:follow-up-ask", args=[row.pk]), "label": _("Ask both people by message"),
             "icon": "message"},
        ]  # fmt: skip
        return super().get_context_data(
            pair=pair,
            code=pair_code(pair.number),
            halves=halves(pair, reader),
            words=row.words if reads_words(row, reader) else "",
            others=pair.follow_ups.order_by("due_on"),
            primary=steps[0] if due else None,
            menu=steps[1:] if due else [],
            entries=history(pair, HISTORY_WORDS) if edits else [],
            edits=edits,
            back_url=reverse("matchmaking:follow-up-list" if edits else "matchmaking:caseload-list"),
            **kwargs,
        )


class FollowUpRecordView(OfFollowUpMixin, RowFormView):
    form_class = FollowUpForm
    rule = rules.can_record_follow_up
    title = _("Record the result")
    submit_label = _("Record the result")
    success_message = _("The result is recorded.")

    row_name = "follow_up"
    service = follow_up_record


class FollowUpAskView(OfFollowUpMixin, ActionView):
    rule = rules.can_record_follow_up
    title = _("Ask both people by message")
    action_label = _("Ask both people by message")
    consequence = _(
        "Each of them gets a friendly message that asks how they are and links to their "
        "own page. It is sent only once for each follow-up."
    )
    success_message = _("A message was sent to both people.")

    row_name = "follow_up"
    service = follow_up_ask
