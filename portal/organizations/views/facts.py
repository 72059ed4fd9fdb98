"""Pages for the dated facts of an organisation: committees and head counts."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.organizations import forms
from portal.organizations.models import Organization
from portal.organizations.services.facts import COUNTS, committee_end, committee_record, head_count_record
from portal.web.views import ActionView, UpdateView


class CommitteeRecordView(UpdateView):
    model = Organization
    form_class = forms.CommitteeForm
    title = _("Record a term of the women's committee")
    submit_label = _("Record the term")
    success_message = _("The term is recorded. The previous term ended on that day.")

    row_name = "organization"
    service = committee_record

    def get_initial(self):
        last = self.object.committees.order_by("-term_from").first()
        names = ("kind", "founded_on", "term_years", "chair_post")
        kept = {name: getattr(last, name) for name in names} if last else {"kind": "committee", "term_years": 5}
        return {**kept, "term_from": timezone.localdate()}


class CommitteeEndView(ActionView):
    model = Organization
    form_class = forms.DayForm
    title = _("End the women's committee")
    action_label = _("End the committee")
    consequence = _(
        "From this day on, the organisation is counted as having no committee. The earlier terms stay on record."
    )
    danger = True
    success_message = _("The committee has ended.")

    row_name = "organization"
    service = committee_end

    def get_initial(self):
        return {"on": timezone.localdate()}


class CountRecordView(UpdateView):
    model = Organization
    form_class = forms.HeadCountForm
    title = _("Record head counts")
    submit_label = _("Record the counts")
    success_message = _("The counts are recorded.")

    row_name = "organization"
    service = head_count_record

    def get_initial(self):
        last = self.object.head_counts.order_by("-on").first()
        kept = {name: getattr(last, name) for name in COUNTS} if last else {}
        return {**kept, "on": timezone.localdate()}
