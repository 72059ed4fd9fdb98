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
    """A step of the profile; the hidden version tells another window's change apart."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def _regions():
    return Region.objects.filter(statistical=False, valid_until=None).order_by("code")


class AboutForm(VersionedForm):
    class Meta:
        model = SingleProfile
        fields = ("nickname", "about", "region", "height_cm", "education", "occupation")
        widgets = {"about": forms.Textarea(attrs={"rows": 4, "maxlength": 600})}
        help_texts = {
            "nickname": _("What others call you here. Please not your name."),
            "about": _("What others read of you. Please no name, unit, number or address."),
            "occupation": _("In general words, such as nurse or teacher."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = _regions()
        self.fields["region"].required = True
        self.fields["height_cm"].min_value, self.fields["height_cm"].max_value = SHORTEST, TALLEST
        self.fields["height_cm"].validators += [MinValueValidator(SHORTEST), MaxValueValidator(TALLEST)]
        self.fields["height_cm"].widget.attrs |= {"min": SHORTEST, "max": TALLEST}


class WishesForm(VersionedForm):
    """Each wish counts as a wish; marked, it must hold, and then it holds both ways."""

    wish_age_from = forms.IntegerField(label=_("Youngest"), min_value=YOUNGEST, max_value=OLDEST, required=False)
    wish_age_to = forms.IntegerField(label=_("Oldest"), min_value=YOUNGEST, max_value=OLDEST, required=False)
    wish_height_from = forms.IntegerField(
        label=_("At least so tall (cm)"), min_value=SHORTEST, max_value=TALLEST, required=False
    )
    wish_height_to = forms.IntegerField(
        label=_("At most so tall (cm)"), min_value=SHORTEST, max_value=TALLEST, required=False
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
            name: _("Then only people it fits are shown to you, and you to them.")
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
                self.add_error(f"wish_{name}_to", _("The larger number is not below the smaller one."))
        return data


class HobbiesForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    hobbies = forms.ModelMultipleChoiceField(
        label=_("Hobbies"),
        help_text=_("At most eight: those that say most."),
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
            "hidden_from_own_unit": _("Colleagues and your unit's staff do not find you, and you do not find them."),
            "unit_shown": _("Otherwise your card says “verified by the union” and no name."),
            "suggestions_on": _("Suggestions say why. Switched off, you still search and are found."),
        }


class SubmitForm(PortalForm):
    """The declaration, signed with her name, the agreement to be found, and whose word she asks for."""

    vetted_by = forms.ChoiceField(
        label=_("Who confirms that you work there and are single?"),
        choices=VettedBy.choices,
        widget=forms.RadioSelect,
    )
    single = forms.BooleanField(
        label=_("I have read the declaration, and it is true"),
        error_messages={"required": _("Without the declaration the profile cannot be sent.")},
    )
    found = forms.BooleanField(
        label=_("I have read who sees what, and I agree to be found"),
        error_messages={"required": _("To be found, please tick that you agree.")},
    )
    signature = forms.CharField(
        label=_("Sign with your full name"),
        help_text=_("It is compared with your union's roster and not kept."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class UnitSearchForm(PortalForm):
    q = forms.CharField(label=_("Name of the unit"), max_length=60)


class PlanForm(PortalForm):
    """For whom introductions are planned: the confirmed of an event, or the active profiles of an area."""

    event = forms.ModelChoiceField(label=_("Confirmed people of an event"), queryset=None, required=False)
    area = forms.ModelChoiceField(label=_("Active profiles of an area"), queryset=None, required=False)

    def __init__(self, *args, events, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["event"].queryset = events
        self.fields["event"].label_from_instance = lambda event: event.title
        self.fields["area"].queryset = areas
        self.fields["area"].label_from_instance = lambda organization: organization.name

    def clean(self):
        data = super().clean()
        if not self.errors and bool(data.get("event")) == bool(data.get("area")):
            raise forms.ValidationError(_("Choose either an event or an area."), code="one")
        return data
