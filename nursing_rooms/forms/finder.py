"""The form of visitors who look for a nursing room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import Facility, RoomType
from nursing_rooms.selectors.finder import CITY, DISTRICT, Search
from portal.core.text import clean_line
from portal.web.forms import FilterForm

CHECK = {"class": "form-check-input"}


class FinderForm(FilterForm):
    """City, district and words of a place, and filters; what cannot be read filters nothing.

    ``places`` are the cities and districts that can be chosen; the districts of the chosen city are offered.
    """

    city = forms.ChoiceField(label=_("City or prefecture"), required=False)
    district = forms.ChoiceField(label=_("District or county"), required=False)
    place = forms.CharField(label=_("Name of a place or room"), max_length=60, required=False)
    open = forms.BooleanField(label=_("Open now"), required=False, widget=forms.CheckboxInput(CHECK))
    type = forms.ChoiceField(label=_("Type"), choices=[("", _("All")), *RoomType.choices], required=False)
    facilities = forms.MultipleChoiceField(
        label=_("Facilities"), choices=Facility.choices, required=False, widget=forms.CheckboxSelectMultiple(CHECK)
    )

    def __init__(self, data=None, *, places=()):
        super().__init__(data)
        self.places = {place.code: place for place in places}
        empty = ("", self.empty_choice)
        self.fields["city"].choices = [empty, *((one.code, one.name) for one in places if one.level == CITY)]
        within = [one for one in places if one.level == DISTRICT and one.code[:4] == (self["city"].value() or "x")[:4]]
        # A district of the city that was chosen before is no error, it is forgotten.
        if data and self["district"].value() not in {one.code for one in within}:
            self.data = data.copy()
            self.data.pop("district", None)
        self.fields["district"].choices = [empty, *((one.code, one.name) for one in within)]

    def search(self, point=None):
        """Return what is looked for, from ``point`` if the visitor's position is known."""
        self.is_valid()
        found = self.cleaned_data
        return Search(
            point=point,
            place=self.places.get(found.get("district") or found.get("city")),
            words=clean_line(found.get("place", "")),
            open_now=found.get("open", False),
            room_type=found.get("type", ""),
            facilities=tuple(found.get("facilities", ())),
        )
