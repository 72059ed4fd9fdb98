"""Pages to move, merge and reopen organisations; each shows the effects, with counts, before it acts."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability
from portal.core.discovery import declared
from portal.core.text import whole_number
from portal.organizations import forms, selectors
from portal.organizations.choices import LEVELS
from portal.organizations.models import Organization
from portal.organizations.services.moving import (
    name_clashes,
    organization_merge,
    organization_move,
    organization_reopen,
)
from portal.web.views import ActionView

FOUND = 20


class PlaceActionView(ActionView):
    """First an organisation is chosen (``?find=``, ``?place=``), then the effects are shown and confirmed."""

    model = Organization
    template_name = "organizations/organization_pick.html"
    danger = True
    pick_label = ""

    def candidates(self):
        """Return the organisations that may be chosen.

        These are the open ones that the actor may edit, except this one and those below it.
        """
        reached = Organization.objects.reached_by(self.request.user, Capability.EDIT)
        return reached.filter(closed_on=None).exclude(path__startswith=self.object.path)

    def picked(self):
        asked = self.request.POST.get("place") or self.request.GET.get("place", "")
        number = whole_number(asked)
        return self.candidates().filter(pk=number).first() if number is not None else None

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "candidates": self.candidates()}

    def get_initial(self):
        return {"on": timezone.localdate(), "place": whole_number(self.request.GET.get("place", ""))}

    def get_context_data(self, **kwargs):
        words = self.request.GET.get("find", "")[:100].replace("\x00", "").strip()
        picked = self.picked()
        found = selectors.found_by_name(self.candidates(), words, limit=FOUND) if words and picked is None else []
        return super().get_context_data(
            words=words,
            found=found,
            picked=picked,
            pick_label=self.pick_label,
            items=self.consequences(picked) if picked is not None else [],
            **kwargs,
        )

    def consequences(self, picked):
        """Return the effects of the action, one line each."""
        raise NotImplementedError


class OrganizationMoveView(PlaceActionView):
    form_class = forms.MoveForm
    title = _("Move an organisation")
    action_label = _("Move to this organisation")
    pick_label = _("To which parent organisation is it moved?")
    consequence = _(
        "It moves with everything below it. From now on, duties at the new parent organisation and "
        "above cover it, and those at the old parent organisation and above no longer do. Figures "
        "for earlier days stay where they were."
    )
    success_message = _("The organisation is moved.")

    def candidates(self):
        kinds = [kind for kind, level in LEVELS.items() if level < self.object.level]
        return super().candidates().filter(kind__in=kinds)

    def consequences(self, picked):
        below = Organization.objects.under(self.object).count() - 1
        lines = [
            _("Old parent organisation: %(name)s") % {"name": self.object.parent.name if self.object.parent else "—"},
            _("New parent organisation: %(name)s") % {"name": picked.name},
            _("%(count)s organisations below it move with it") % {"count": below},
        ]
        twins = selectors.look_alikes(picked, self.object.name, but=self.object.pk)
        return lines + [_("Similar organisation already there: %(name)s") % {"name": twin.name} for twin in twins]

    def perform(self, form):
        data = form.cleaned_data
        return organization_move(
            actor=self.request.user,
            organization=self.object,
            new_parent=data["place"],
            on=data["on"],
            name=data["name"],
        )


class OrganizationMergeView(PlaceActionView):
    form_class = forms.MergeForm
    title = _("Merge an organisation into another")
    action_label = _("Merge the two organisations")
    pick_label = _("Into which organisation is it merged?")
    consequence = _(
        "The organisations below it and its people move to the other organisation, and it is closed. "
        "Its history is kept."
    )
    success_message = _("The organisation is merged.")

    def candidates(self):
        kinds = [kind for kind, level in LEVELS.items() if level == self.object.level]
        return super().candidates().filter(kind__in=kinds)

    def consequences(self, picked):
        children = self.object.children.filter(closed_on=None).count()
        lines = [
            _("To be closed: %(name)s") % {"name": self.object.name},
            _("To be merged into: %(name)s") % {"name": picked.name},
            _("%(count)s organisations directly below move") % {"count": children},
        ]
        for module in declared("merging"):
            lines += [f"{count} {words}" for words, count in module.consequences(self.object)]
        settle = _("To be settled first, because both have an organisation with this name: %(name)s")
        return lines + [settle % {"name": name} for name in name_clashes(self.object, picked)]

    def next_url(self, result):
        return result.get_absolute_url()

    def perform(self, form):
        data = form.cleaned_data
        return organization_merge(actor=self.request.user, source=self.object, target=data["place"], on=data["on"])


class OrganizationReopenView(ActionView):
    model = Organization
    form_class = forms.DayForm
    title = _("Reopen an organisation")
    action_label = _("Reopen")
    consequence = _(
        "It is counted again from this day on. The time during which it was closed stays a gap in its history."
    )
    success_message = _("The organisation is open again.")

    row_name = "organization"
    service = organization_reopen

    def get_initial(self):
        return {"on": timezone.localdate()}
