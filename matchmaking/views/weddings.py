"""Group weddings on the desk: planning, the list of couples, deciding."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import forms, rules, selectors, services
from matchmaking.choices import CoupleState, WeddingState
from matchmaking.filters import CoupleFilter, WeddingFilter
from matchmaking.models import GroupWedding, WeddingCouple
from matchmaking.tables import CoupleTable, WeddingTable
from matchmaking.tables.after import couple_units
from portal.audit.gate import can_step
from portal.audit.selectors import history
from portal.core.choices import Area
from portal.core.steps import place_in
from portal.core.text import mask_name
from portal.web.views import (
    ActionView,
    CapabilityMixin,
    CreateView,
    DetailView,
    ListView,
    UpdateView,
)

STEPS = (WeddingState.DRAFT, WeddingState.OPEN, WeddingState.CLOSED, WeddingState.HELD)
WORDS = {"refuse": _("Not confirmed")}


class WeddingListView(CapabilityMixin, ListView):
    model = GroupWedding
    area = Area.MATCHMAKING
    table_class = WeddingTable
    filterset_class = WeddingFilter
    title = _("Group weddings")
    create_url_name = "matchmaking:wedding-create"
    create_label = _("Plan a group wedding")
    empty_title = _("No group weddings yet")
    empty_text = _("Plan one and open it: couples then apply from their own pages.")
    export_columns = (
        (_("Title"), "title"),
        (_("Held by"), "organization__name"),
        (_("Day"), "on"),
        (_("State"), "get_state_display"),
        (_("Couples at most"), "couples_most"),
        (_("Couples with a place"), "accepted"),
        (_("Couples waiting"), "waiting"),
    )

    def get_queryset(self):
        return selectors.with_couples(super().get_queryset())


class WeddingCreateView(CreateView):
    model = GroupWedding
    area = Area.MATCHMAKING
    form_class = forms.WeddingCreateForm
    title = _("Plan a group wedding")
    submit_label = _("Save the draft")
    success_message = _("The draft is saved. Open it when couples may apply.")

    service = services.wedding_create


class WeddingUpdateView(UpdateView):
    model = GroupWedding
    form_class = forms.WeddingUpdateForm
    rule = rules.can_change_wedding
    title = _("Edit the group wedding")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "wedding"
    service = services.wedding_update


class WeddingDetailView(DetailView):
    model = GroupWedding
    template_name = "matchmaking/wedding_detail.html"

    def get_title(self):
        return self.object.title

    def get_queryset(self):
        return selectors.with_couples(super().get_queryset())

    def get_context_data(self, **kwargs):
        wedding, actor = self.object, self.request.user
        steps = self.actions(wedding, actor) if rules.can_edit_wedding(actor, wedding) else []
        return super().get_context_data(
            steps=self.step_line(wedding),
            primary=steps[0] if steps and not steps[0]["danger"] else None,
            menu=steps[1:] if steps and not steps[0]["danger"] else steps,
            entries=history(wedding),
            edits=rules.can_edit_wedding(actor, wedding),
            facts=[
                {"label": _("Held by"), "value": wedding.organization.name},
                {"label": _("Day"), "value": wedding.on},
                {"label": _("Place"), "value": wedding.place},
                {"label": _("Applications until"), "value": wedding.closes_at},
            ],
            **kwargs,
        )

    @staticmethod
    def step_line(wedding):
        if wedding.state == WeddingState.CANCELLED:
            return [{"label": wedding.get_state_display(), "state": "stopped"}]
        now = place_in(STEPS, wedding.state)
        return [
            {
                "label": state.label,
                "state": "done" if index < now else "current" if index == now else "next",
                "at": {WeddingState.CLOSED: wedding.closes_at, WeddingState.HELD: wedding.on}.get(state),
            }
            for index, state in enumerate(STEPS)
        ]

    @staticmethod
    def actions(wedding, actor):
        """Return the steps possible now, the next one first."""

        def step(name, label, icon, danger=False):
            url = reverse(f"matchmaking:wedding-{name}", args=[wedding.pk])
            return {"url": url, "label": label, "icon": icon, "danger": danger}

        found = [
            step(name, label, icon, danger)
            for target, name, label, icon, danger in (
                (WeddingState.OPEN, "open", _("Open for couples"), "door-enter", False),
                (WeddingState.CLOSED, "close", _("Close the list now"), "lock", False),
                (WeddingState.HELD, "hold", _("It was held"), "circle-check", False),
            )
            if can_step(wedding, target, actor)
        ]
        if rules.can_change_wedding(actor, wedding):
            found.append(step("update", _("Edit"), "edit"))
        if can_step(wedding, WeddingState.CANCELLED, actor):
            found.append(step("cancel", _("Cancel the wedding"), "x", danger=True))
        return found


class WeddingActionView(ActionView):
    model = GroupWedding
    rule = rules.can_edit_wedding


class WeddingOpenView(WeddingActionView):
    title = _("Open for couples")
    action_label = _("Open for couples")
    consequence = _("Members below your organisation see it and couples apply until the closing time.")
    success_message = _("The wedding is open for couples.")

    row_name = "wedding"
    service = services.wedding_open


class WeddingCloseView(WeddingActionView):
    title = _("Close the list")
    action_label = _("Close the list now")
    consequence = _("Nobody can apply any more; applications that the other one has not confirmed are let go.")
    danger = True
    success_message = _("The list is closed.")

    row_name = "wedding"
    service = services.wedding_close


class WeddingHoldView(WeddingActionView):
    title = _("The wedding was held")
    action_label = _("It was held")
    consequence = _("The couples with a place count as wed here. Everyone is thanked.")
    success_message = _("Recorded: the wedding was held.")

    row_name = "wedding"
    service = services.wedding_hold


class WeddingCancelView(WeddingActionView):
    form_class = forms.ReasonForm
    title = _("Cancel the wedding")
    action_label = _("Cancel the wedding")
    consequence = _("Every couple is told the reason. It cannot be undone.")
    danger = True
    success_message = _("The wedding is cancelled, and every couple was told.")

    row_name = "wedding"
    service = services.wedding_cancel


class WeddingCouplesView(ListView):
    """Couples that have applied, for who holds the wedding; who still waits for the other one is not among them."""

    model = WeddingCouple
    table_class = CoupleTable
    filterset_class = CoupleFilter
    title = _("Couples")
    narrowed = False
    empty_title = _("No couple has applied yet")
    empty_text = _("A couple appears here once both of the two have said yes.")
    export_columns = (
        (_("Place in line"), "place"),
        (_("Couple (masked)"), lambda row: " · ".join(mask_name(one.name) for one in (row.asker, row.partner) if one)),
        (_("Units"), couple_units),
        (_("Marriage registered on"), "registered_on"),
        (_("State"), "get_state_display"),
    )

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            weddings = GroupWedding.objects.visible_to(request.user).for_list()
            self.wedding = get_object_or_404(weddings, pk=kwargs["pk"])
            if not rules.can_edit_wedding(request.user, self.wedding):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def can_create(self):
        return False

    def get_queryset(self):
        applied = super().get_queryset().filter(wedding=self.wedding, place__isnull=False)
        return applied.exclude(state=CoupleState.ASKED)

    def export_title(self):
        return f"{self.title} {self.wedding.title}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(subtitle=self.wedding.title, **kwargs)


class CoupleDetailView(DetailView):
    """A couple that has applied."""

    model = WeddingCouple
    template_name = "matchmaking/couple_detail.html"

    def get_queryset(self):
        return super().get_queryset().filter(place__isnull=False)

    def get_title(self):
        return _("Couple no. %(place)s") % {"place": self.object.place}

    def get_context_data(self, **kwargs):
        couple, actor = self.object, self.request.user

        def step(name, label, icon):
            return {"url": reverse(f"matchmaking:couple-{name}", args=[couple.pk]), "label": label, "icon": icon}

        steps = []
        if rules.can_decide_couple(actor, couple):
            steps.append(step("accept", _("Give them a place"), "check"))
            if rules.can_waitlist_couple(actor, couple):
                steps.append(step("waitlist", _("Put on the waiting list"), "hourglass"))
            steps.append({**step("decline", _("Decline with a reason"), "x"), "danger": True})
        return super().get_context_data(
            primary=steps[0] if steps else None,
            menu=steps[1:],
            entries=history(couple, WORDS),
            back_url=reverse("matchmaking:wedding-couples", args=[couple.wedding_id]),
            facts=[
                {"label": _("Couple"), "value": " · ".join(one.name for one in (couple.asker, couple.partner) if one)},
                {"label": _("Units"), "value": couple_units(couple)},
                {"label": _("Marriage registered on"), "value": couple.registered_on},
                {"label": _("Place in line"), "value": couple.place},
            ],
            **kwargs,
        )


class CoupleActionView(ActionView):
    model = WeddingCouple
    rule = rules.can_decide_couple


class CoupleAcceptView(CoupleActionView):
    title = _("Give them a place")
    action_label = _("Give them a place")
    consequence = _("Both are told that they take part.")
    success_message = _("The couple has a place.")

    row_name = "couple"
    service = services.couple_accept


class CoupleWaitlistView(CoupleActionView):
    rule = rules.can_waitlist_couple
    title = _("Put on the waiting list")
    action_label = _("Put on the waiting list")
    consequence = _("When another couple withdraws, the first in line gets its place by itself. Both are told.")
    success_message = _("The couple is on the waiting list.")

    row_name = "couple"
    service = services.couple_waitlist


class CoupleDeclineView(CoupleActionView):
    form_class = forms.ReasonForm
    title = _("Decline the couple")
    action_label = _("Decline with this reason")
    consequence = _("Both read the reason on their page.")
    danger = True
    success_message = _("The couple is declined.")

    row_name = "couple"
    service = services.couple_decline
