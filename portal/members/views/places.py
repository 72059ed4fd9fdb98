"""Choosing one of more organisations than a list can show: those nearby, and those found by name."""

from django.utils.functional import cached_property

from portal.core.text import clean_line

SHOWN, NEAR = 20, 60


class PlacesOfferedMixin:
    """Offers organisations of ``reached()`` to the form: all where they are few, else her own and those found.

    The page shows ``components/place_find.html`` while ``find_place`` is set.
    """

    def reached(self):
        """Return the organisations that may be chosen."""
        raise NotImplementedError

    def near(self, reached):
        """Return those offered without a search: where her duties are, and what lies directly below."""
        mine = [duty.organization_id for duty in self.request.user.duties]
        return (reached.filter(pk__in=mine) | reached.filter(parent__in=mine)).order_by("path")[:NEAR]

    @cached_property
    def place(self):
        return clean_line(self.request.GET.get("place", ""))[:60]

    @cached_property
    def are_many(self):
        return self.reached().order_by()[: NEAR + 1].count() > NEAR

    def offered(self):
        """Return the rows to choose from, those found by name first."""
        reached = self.reached()
        if not self.are_many:
            return list(reached)
        found = []
        if self.place:
            found = reached.filter(name__contains=self.place).order_by("pinyin", "pk")[:SHOWN]
        return list({row.pk: row for row in [*found, *self.near(reached)]}.values())

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "offered": self.offered()}

    def get_context_data(self, **kwargs):
        return super().get_context_data(find_place=self.are_many, place=self.place, **kwargs)
