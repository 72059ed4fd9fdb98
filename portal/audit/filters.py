"""Filters of the audit: actor, action, kind of row, and time."""

from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_

import django_filters
from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.audit.wording import words_of_actions
from portal.core.form_fields import DayFilter
from portal.core.text import whole_number
from portal.web.forms import FilterForm


def kinds():
    """Return the kinds of rows an entry may be about: the models of this project, by name."""
    labels = [name.rpartition(".")[2] for name in settings.INSTALLED_APPS if not name.startswith("django")]
    own = [model for model in apps.get_models() if model._meta.app_label in labels]
    return sorted(((model._meta.label_lower, model._meta.verbose_name) for model in own), key=lambda kind: str(kind[1]))


def midnight(day):
    """Return the moment at which ``day`` begins in the current time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def whats():
    """Return the actions to choose from, each wording once."""
    codes = {str(words): code for code, words in sorted(words_of_actions().items())}
    return sorted(((code, words) for words, code in codes.items()), key=lambda what: what[1])


class AuditEntryFilter(django_filters.FilterSet):
    actor = django_filters.CharFilter(label=_("Person number"), method="by_actor")
    what = django_filters.ChoiceFilter(label=_("Item"), choices=whats, method="by_what")
    kind = django_filters.ChoiceFilter(label=_("Reported person"), field_name="about_model", choices=kinds)
    about = django_filters.CharFilter(label=_("Row number"), method="by_about")
    since = DayFilter(label=_("From date"), method="by_since")
    until = DayFilter(label=_("To date"), method="by_until")

    class Meta:
        model = AuditEntry
        form = FilterForm
        fields = []

    def by_actor(self, queryset, name, value):
        number = whole_number(value.strip())
        return queryset.filter(actor_id=number) if number is not None else queryset.none()

    def by_about(self, queryset, name, value):
        number = whole_number(value.strip())
        return queryset.filter(about_id=number) if number is not None else queryset.none()

    def by_what(self, queryset, name, value):
        known = words_of_actions()
        alike = [code for code, words in known.items() if str(words) == str(known[value])]
        return queryset.filter(reduce(or_, (Q(action__endswith=f".{code}") for code in alike)))

    def by_since(self, queryset, name, value):
        return queryset.filter(at__gte=midnight(value))

    def by_until(self, queryset, name, value):
        return queryset.filter(at__lt=midnight(value) + timedelta(days=1))
