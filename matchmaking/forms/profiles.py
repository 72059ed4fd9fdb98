"""Forms of profiles of singles."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.profiles import PhotoAudience, VettedBy
from matchmaking.models import HobbyTag, SingleProfile
from portal.organizations.models import Region
from portal.web.forms import PortalForm, PortalModelForm

YOUNGEST, OLDEST = 18, 80
SHORTEST, TALLEST = 120, 230


class VersionedForm(PortalModelForm):
    """A part of the profile; the hidden version detects changes made in another window."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def _regions():
    return Region.objects.filter(statistical=False, valid_until=None).order_by("code")


class AboutForm(VersionedForm):
    class Meta:
        model = SingleProfile
        fields = ("nickname", "about", "region", "height_cm", "education", "occupation")
        widgets = {"about": forms.Textarea(attrs={"rows": 4, "maxlength": 600})}
        help_texts = {
            "nickname": _("The name that others see here. Please do not use your real name."),
            "about": _("What others read about you. Please do not give a name, unit, number or address."),
            "occupation": _("In general terms, such as nurse or teacher."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = _regions()
        self.fields["region"].required = True
        self.fields["height_cm"].min_value, self.fields["height_cm"].max_value = SHORTEST, TALLEST
        self.fields["height_cm"].validators += [MinValueValidator(SHORTEST), MaxValueValidator(TALLEST)]
        self.fields["height_cm"].widget.attrs |= {"min": SHORTEST, "max": TALLEST}


class WishesForm(VersionedForm):
    """A single's wishes; a wish marked as hard must be fulfilled, and applies in both directions."""

    wish_age_from = forms.IntegerField(label=_("Age at least"), min_value=YOUNGEST, max_value=OLDEST, required=False)
    wish_age_to = forms.IntegerField(label=_("Age at most"), min_value=YOUNGEST, max_value=OLDEST, required=False)
    wish_height_from = forms.IntegerField(
        label=_("Height at least (cm)"), min_value=SHORTEST, max_value=TALLEST, required=False
    )
    wish_height_to = forms.IntegerField(
        label=_("Height at most (cm)"), min_value=SHORTEST, max_value=TALLEST, required=False
    )

    class Meta:
        model = SingleProfile
        fields = (
            "hopes",
            "wish_age_from",
            "wish_age_to",
            "wish_age_hard",
            "wish_height_from",
            "wish_height_to",
            "wish_height_hard",
            "wish_education",
            "wish_education_hard",
            "wish_region",
            "wish_region_hard",
        )
        widgets = {"hopes": forms.Textarea(attrs={"rows": 3, "maxlength": 400})}
        help_texts = {
            name: _("If ticked, only people who match are shown to you, and you are shown only to them.")
            for name in ("wish_age_hard", "wish_height_hard", "wish_education_hard", "wish_region_hard")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wish_region"].queryset = _regions()

    def clean(self):
        data = super().clean()
        for name in ("age", "height"):
            lowest, highest = data.get(f"wish_{name}_from"), data.get(f"wish_{name}_to")
            if lowest is not None and highest is not None and lowest > highest:
                self.add_error(f"wish_{name}_to", _("The larger number must not be below the smaller one."))
        return data


class HobbiesForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    hobbies = forms.ModelMultipleChoiceField(
        label=_("Hobbies"),
        help_text=_("At most eight: choose those that describe you best."),
        queryset=HobbyTag.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hobbies"].queryset = HobbyTag.objects.filter(active=True)


class FoundForm(VersionedForm):
    photo_audience = forms.ChoiceField(
        label=_("Who sees my photos"), choices=PhotoAudience.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = SingleProfile
        fields = ("hidden_from_own_unit", "photo_audience", "unit_shown", "suggestions_on")
        help_texts = {
            "hidden_from_own_unit": _("Colleagues and your unit's staff cannot find you, and you cannot find them."),
            "unit_shown": _("Otherwise your card says “verified by the union” and shows no unit name."),
            "suggestions_on": _(
                "Suggestions state their reasons. If you switch them off, you can still search and be found."
            ),
        }


class SubmitForm(PortalForm):
    """The form that submits a profile: declaration with full name, consent to be found, choice of the vetting unit."""

    vetted_by = forms.ChoiceField(
        label=_("Who confirms that you work there and are single?"),
        choices=VettedBy.choices,
        widget=forms.RadioSelect,
    )
    single = forms.BooleanField(
        label=_("I have read the declaration, and it is true"),
        error_messages={"required": _("The profile cannot be submitted without the declaration.")},
    )
    found = forms.BooleanField(
        label=_("I have read who sees what, and I agree to be found"),
        error_messages={"required": _("To be found, please tick the box to agree.")},
    )
    signature = forms.CharField(
        label=_("Sign with your full name"),
        help_text=_("It is compared with your union's roster and not stored."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class UnitSearchForm(PortalForm):
    q = forms.CharField(label=_("Unit name"), max_length=60)


class PlanForm(PortalForm):
    """The people for whom introductions are planned.

    They are the confirmed participants of an event, or the active profiles of an area.
    """

    event = forms.ModelChoiceField(label=_("Confirmed participants of an event"), queryset=None, required=False)
    area = forms.ModelChoiceField(label=_("Active profiles in a region"), queryset=None, required=False)

    def __init__(self, *args, events, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["event"].queryset = events
        self.fields["event"].label_from_instance = lambda event: event.title
        self.fields["area"].queryset = areas
        self.fields["area"].label_from_instance = lambda organization: organization.name

    def clean(self):
        data = super().clean()
        if not self.errors and bool(data.get("event")) == bool(data.get("area")):
            raise forms.ValidationError(_("Choose either an event or a region."), code="one")
        return data
