"""Desk pages of partners of events."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.forms.partners import PartnerForm
from matchmaking.models import EventPartner
from matchmaking.selectors.events import event_figures
from matchmaking.selectors.partners import partner_share
from matchmaking.services.partners import partner_add, partner_remove
from matchmaking.tables.partners import PartnerTable
from matchmaking.views.desk.events import OfEventFormView
from portal.core.choices import Area
from portal.web.views import ActionView, CapabilityMixin, DetailView, ListView


class EventPartnersView(OfEventFormView):
    """The partners of an event, with a form to add one."""

    template_name = "matchmaking/event_partners.html"
    form_class = PartnerForm
    title = _("Partners")
    success_message = _("The partner was added.")

    def get_context_data(self, **kwargs):
        partners = self.event.partners.select_related("organization").order_by("pk")
        return super().get_context_data(partners=partners, **kwargs)

    def perform(self, form):
        partner_add(actor=self.request.user, event=self.event, **form.cleaned_data)

    def next_url(self, result):
        return reverse("matchmaking:event-partners", args=[self.event.pk])


class PartnerRemoveView(ActionView):
    model = EventPartner
    rule = rules.can_edit_of_event
    title = _("Remove the partner")
    action_label = _("Remove from the list")
    consequence = _(
        "The partner no longer appears on the poster and in the report, and its staff can no longer see the figures."
    )
    danger = True
    success_message = _("The partner was removed.")

    row_name = "partner"
    service = partner_remove

    def back_url(self):
        return reverse("matchmaking:event-partners", args=[self.object.event_id])

    def next_url(self, result):
        return self.back_url()


class PartnerListView(CapabilityMixin, ListView):
    """Events that other organisations hold together with a union in the reader's reach."""

    model = EventPartner
    area = Area.MATCHMAKING
    table_class = PartnerTable
    title = _("Joint events")
    narrowed = False
    empty_title = _("No events held jointly with your organisation")
    empty_text = _("When another union lists yours as a partner, the figures of the event appear here.")

    def get_queryset(self):
        return EventPartner.objects.shared_with(self.request.user).for_list()

    def can_create(self):
        return False


class PartnerFiguresView(DetailView):
    """The figures of a joint event, for the staff of the partner union: numbers alone, no people."""

    model = EventPartner
    template_name = "matchmaking/partner_figures.html"

    def get_queryset(self):
        return EventPartner.objects.shared_with(self.request.user).for_list()

    def get_title(self):
        return self.object.event.title

    def get_context_data(self, **kwargs):
        event = self.object.event
        facts = [
            {"label": _("Organiser"), "value": event.organization.name},
            {"label": _("Mode"), "value": event.get_mode_display()},
            {"label": _("Places"), "value": _("%(men)s men, %(women)s women") % {
                "men": event.men_quota, "women": event.women_quota}},
        ]  # fmt: skip
        return super().get_context_data(
            event=event,
            facts=facts,
            figures=event_figures(event),
            share=partner_share(self.object),
            **kwargs,
        )
