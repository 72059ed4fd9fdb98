"""Targets of an organisation for a year."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.core.choices import Area
from portal.core.periods import Period, PeriodKind
from portal.core.text import whole_number
from portal.statistics import asking, forms, rules, showing
from portal.statistics.selectors import targets
from portal.statistics.services.targets import targets_set
from portal.web.views import CapabilityMixin, FormPageView


class TargetsView(CapabilityMixin, FormPageView):
    """One page for all targets of a year; an empty field means no target."""

    area = Area.STATISTICS
    form_class = forms.TargetsForm
    title = _("Targets")
    submit_label = _("Save the targets")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.reach(self.area, self.capability):
            self.node = asking.node_of(request)
            year = whole_number(request.GET.get("year", "")) or timezone.localdate().year
            self.year = min(max(year, 2000), 2199)
            if not rules.can_set_targets(request.user, self.node):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        rows = [(words.code, words.name, words.unit) for words in asking.shown_indicators().values()]
        return {**super().get_form_kwargs(), "indicators": rows}

    def get_initial(self):
        return targets.targets_of(self.node, self.year)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            subtitle=f"{self.node.name} · {self.year}", back_url=self.next_url(None), **kwargs
        )

    def perform(self, form):
        changed = targets_set(
            actor=self.request.user, organization=self.node, year=self.year, targets=form.cleaned_data
        )
        messages.success(
            self.request,
            ngettext("%(count)s target changed.", "%(count)s targets changed.", changed) % {"count": changed},
        )

    def next_url(self, result):
        day = timezone.localdate().replace(year=self.year, month=1, day=1)
        return showing.address("statistics:dashboard", node=self.node.pk, period=Period.of(PeriodKind.YEAR, day))
