"""Choosing an organisation when a list cannot show all: those nearby, and those found by name."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.text import clean_line

SHOWN, NEAR = 20, 60


class PlacesOfferedMixin:
    """Offers organisations of ``reached()`` to the form: found ones, nearby ones, and all if few.

    The page shows ``components/place_find.html`` while ``find_place`` is set.
    """

    offers_places = True

    def reached(self):
        """Return the organisations that may be chosen."""
        raise NotImplementedError

    def near(self, reached):
        """Return those offered without a search: at the actor's duties, and directly below them."""
        mine = [duty.organization_id for duty in self.request.user.duties]
        return (reached.filter(pk__in=mine) | reached.filter(parent__in=mine)).order_by("path")[:NEAR]

    @cached_property
    def place(self):
        return clean_line(self.request.GET.get("place", ""))[:60]

    @cached_property
    def are_many(self):
        return self.reached().order_by()[: NEAR + 1].count() > NEAR

    @cached_property
    def found(self):
        """The organisations found by name, at most ``SHOWN``."""
        if not self.place:
            return []
        return list(self.reached().filter(name__contains=self.place).order_by("pinyin", "pk")[:SHOWN])

    @cached_property
    def offered(self):
        """The organisations to choose from, those found by name first."""
        reached = self.reached()
        rows = [*self.found, *self.near(reached), *(() if self.are_many else reached)]
        return list({row.pk: row for row in rows}.values())

    @property
    def only_place(self):
        """The only organisation that was found, or that can be chosen at all, else None."""
        rows = self.found or self.offered
        return rows[0] if len(rows) == 1 else None

    def get_initial(self):
        only = {"organization": self.only_place.pk} if self.offers_places and self.only_place else {}
        return {**super().get_initial(), **only}

    def get_form_kwargs(self):
        offered = {"offered": self.offered} if self.offers_places else {}
        return {**super().get_form_kwargs(), **offered}

    def get_context_data(self, **kwargs):
        find_place = self.offers_places and self.are_many
        places = {"find_place": find_place, "place": self.place, "place_said": self.place_said() if find_place else ""}
        return super().get_context_data(**places, **kwargs)

    def place_said(self):
        """Return a sentence on the result of the search by name, or '' where there was none."""
        if not self.place:
            return ""
        if not self.found:
            return _("No organisation in your scope has this in its name.")
        if len(self.found) == SHOWN:
            return _("Too many matches to show: type more of the name, or choose below.")
        if self.only_place:
            return _("Found and chosen below: %(name)s.") % {"name": self.only_place.name}
        return ngettext(
            "%(count)s organisation found: choose it below.",
            "%(count)s organisations found: choose one below.",
            len(self.found),
        ) % {"count": len(self.found)}
