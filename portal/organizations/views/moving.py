"""Moving, merging and reopening: a page that says what it does, with counts, before it does it."""

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
    """First an organisation is picked (``?find=``, ``?place=``), then what will happen is shown and confirmed."""

    model = Organization
    template_name = "organizations/organization_pick.html"
    danger = True
    pick_label = ""

    def candidates(self):
        """Return the organisations that may be picked: open ones in her reach."""
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
        """Return what will happen, in lines."""
        raise NotImplementedError


class OrganizationMoveView(PlaceActionView):
    form_class = forms.MoveForm
    title = _("Move an organisation")
    action_label = _("Move it there")
    pick_label = _("Under which organisation shall it stand?")
    consequence = _(
        "It moves with everything below it. Duties above the new place reach it from now on, those above the old place"
        " no longer do. Figures of earlier days stay where they were."
    )
    success_message = _("The organisation is moved.")

    def candidates(self):
        kinds = [kind for kind, level in LEVELS.items() if level < self.object.level]
        return super().candidates().filter(kind__in=kinds)

    def consequences(self, picked):
        below = Organization.objects.under(self.object).count() - 1
        lines = [
            _("From: %(name)s") % {"name": self.object.parent.name if self.object.parent else "—"},
            _("To: %(name)s") % {"name": picked.name},
            _("%(count)s organisations below it move along") % {"count": below},
        ]
        twins = selectors.look_alikes(picked, self.object.name, but=self.object.pk)
        return lines + [_("Much like this one, and there already: %(name)s") % {"name": twin.name} for twin in twins]

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
    action_label = _("Merge the two")
    pick_label = _("Into which organisation does it go?")
    consequence = _(
        "What stands below it and its people go to the other organisation, and it closes. Its history stays."
    )
    success_message = _("The organisation is merged.")

    def candidates(self):
        kinds = [kind for kind, level in LEVELS.items() if level == self.object.level]
        return super().candidates().filter(kind__in=kinds)

    def consequences(self, picked):
        children = self.object.children.filter(closed_on=None).count()
        lines = [
            _("Closes: %(name)s") % {"name": self.object.name},
            _("Takes over: %(name)s") % {"name": picked.name},
            _("%(count)s organisations directly below move") % {"count": children},
        ]
        for module in declared("merging"):
            lines += [f"{count} {words}" for words, count in module.consequences(self.object)]
        settle = _("To be settled first, as both have one of this name: %(name)s")
        return lines + [settle % {"name": name} for name in name_clashes(self.object, picked)]

    def next_url(self, result):
        return result.get_absolute_url()

    def perform(self, form):
        data = form.cleaned_data
        return organization_merge(actor=self.request.user, source=self.object, target=data["place"], on=data["on"])


class OrganizationReopenView(ActionView):
    model = Organization
    form_class = forms.DayForm
    title = _("Open an organisation again")
    action_label = _("Open it again")
    consequence = _("It counts again from this day. The time it was closed stays a gap in its history.")
    success_message = _("The organisation is open again.")

    row_name = "organization"
    service = organization_reopen

    def get_initial(self):
        return {"on": timezone.localdate()}
