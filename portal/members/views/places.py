"""Choosing one of more organisations than a list can show: those nearby, and those found by name."""

from django.utils.functional import cached_property

from portal.core.text import clean_line

SHOWN, NEAR = 20, 60


class PlacesOfferedMixin:
    """Offers organisations of ``reached()`` to the form: those found, those nearby, and all where they are few.

    The page shows ``components/place_find.html`` while ``find_place`` is set.
    """

    offers_places = True

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
        reached, found = self.reached(), []
        if self.place:
            found = reached.filter(name__contains=self.place).order_by("pinyin", "pk")[:SHOWN]
        rows = [*found, *self.near(reached), *(() if self.are_many else reached)]
        return list({row.pk: row for row in rows}.values())

    def get_form_kwargs(self):
        offered = {"offered": self.offered()} if self.offers_places else {}
        return {**super().get_form_kwargs(), **offered}

    def get_context_data(self, **kwargs):
        find_place = self.offers_places and self.are_many
        return super().get_context_data(find_place=find_place, place=self.place, **kwargs)
