"""Forms of events."""

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventMode
from matchmaking.models import EventSeries, EventTheme, MatchEvent, Venue
from portal.core.choices import Area
from portal.core.text import clean_prose
from portal.organizations.models import Organization
from portal.organizations.selectors import places_kept
from portal.web.forms import PortalModelForm


class VenueLaterMixin:
    """Leaves the venue constraint to the service: it depends on the state, which is no form field."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"venue"}


class EventForm(VenueLaterMixin, PortalModelForm):
    """Plans an event; the constraints of the model give error messages in words."""

    class Meta:
        model = MatchEvent
        fields = (
            "title",
            "summary",
            "mode",
            "place",
            "series",
            "theme",
            "venue",
            "target_group",
            "restricted",
            "starts_at",
            "ends_at",
            "signup_opens_at",
            "signup_closes_at",
            "choice_opens_at",
            "choice_closes_at",
            "men_quota",
            "women_quota",
            "choices_per_person",
            "age_from",
            "age_to",
            "needs_review",
            "balance_tolerance",
            "unit_cap",
            "table_minutes",
        )
        widgets = {"summary": forms.Textarea(attrs={"rows": 4}), "mode": forms.RadioSelect}
        help_texts = {
            "summary": _(
                "What will happen? What should people bring? Who may take part? Members read this before they sign up. "
                "If you leave it empty, the text of the theme is used."
            ),
            "venue": _(
                "Two events cannot be held at one venue at the same time; the calendar of the "
                "venue shows when it is free."
            ),
            "restricted": _(
                "The event appears in no list, its link works only for invited people, and there are no photos."
            ),
            "needs_review": _("Each sign-up must be reviewed and accepted."),
            "balance_tolerance": _(
                "Leave empty to keep the lists independent. With 3, a list may "
                "have at most three people more than the other."
            ),
            "unit_cap": _("Leave empty for no limit."),
            "table_minutes": _("For events with a round plan."),
            "place": _("Members see it once their place is confirmed."),
            "choice_opens_at": _("From this time on confirmed participants see the cards of the other list."),
            "choice_closes_at": _("Mutual choices are then revealed to both people, and all choices are deleted."),
            "choices_per_person": _("Between 1 and 5."),
        }

    takes_actor = True

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = EventMode.choices
        self.fields["summary"].required = False
        choices = {
            "series": EventSeries.objects.visible_to(actor).filter(active=True).order_by("name"),
            "theme": EventTheme.objects.filter(active=True),
            "venue": Venue.objects.visible_to(actor).filter(active=True).order_by("region_id", "name"),
        }
        for name, rows in choices.items():
            standing = getattr(self.instance, f"{name}_id", None)
            # The current value may be out of use by now; it remains a choice for this event.
            self.fields[name].queryset = rows | rows.model.objects.filter(pk=standing) if standing else rows
        for name in ("age_from", "age_to"):
            self.fields[name].validators += [MinValueValidator(18), MaxValueValidator(99)]
        first = [name for name in ("organization",) if name in self.fields]
        last = [name for name in ("version",) if name in self.fields]
        self.helper.layout = Layout(
            Fieldset(
                _("Event content"), *first, "title", Div("series", "theme", css_class="form-pair"), "summary", "mode"
            ),
            Fieldset(_("Location"), "venue", "place"),
            Fieldset(
                _("When"),
                Div("starts_at", "ends_at", css_class="form-pair"),
                Div("signup_opens_at", "signup_closes_at", css_class="form-pair"),
                Div("choice_opens_at", "choice_closes_at", css_class="form-pair"),
            ),
            Fieldset(
                _("Target group and places"),
                Div("men_quota", "women_quota", css_class="form-pair"),
                Div("age_from", "age_to", css_class="form-pair"),
                Div("target_group", "choices_per_person", css_class="form-pair"),
                "restricted",
            ),
            Fieldset(
                _("Rules for the lists"),
                "needs_review",
                Div("balance_tolerance", "unit_cap", css_class="form-pair"),
                "table_minutes",
            ),
            *last,
        )

    def clean_title(self):
        return clean_prose(self.cleaned_data["title"])

    def clean(self):
        data = super().clean()
        theme = data.get("theme")
        if "summary" in data and not data["summary"].strip():
            data["summary"] = theme.summary if theme else ""
            if not data["summary"]:
                self.add_error("summary", _("Describe the event, or choose a theme that has a text."))
        return data


class EventCreateForm(EventForm):
    organization = forms.ModelChoiceField(label=_("Organiser"), queryset=Organization.objects.none())

    field_order = ("organization", *EventForm.Meta.fields)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)


class EventUpdateForm(EventForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
