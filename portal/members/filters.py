"""Filters of the roster, and the search for a person."""

from datetime import timedelta

import django_filters
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability, Level, Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.core.text import clean_code, clean_line
from portal.members.choices import (
    AppointmentState,
    DataRequestKind,
    DataRequestState,
    IdentityKind,
    MaritalStatus,
    TransferState,
    VouchingState,
)
from portal.members.identity import read_phone
from portal.members.models import Appointment, DataRequest, Duty, Member, Transfer, Vouching
from portal.members.services.people import identity_index_of, phone_index_of
from portal.organizations.choices import LEVELS
from portal.web.forms import FilterForm

STATUS = (
    ("active", _("Signed in at least once")),
    ("waiting", _("Never signed in")),
    ("standing", _("Standing has expired")),
    ("new", _("Opened in the last fourteen days")),
    ("provisional", _("Provisional: the person is not confirmed yet")),
)
NEW_DAYS = 14


class MemberFilter(django_filters.FilterSet):
    unit = django_filters.CharFilter(label=_("Unit name"), field_name="organization__name", lookup_expr="icontains")
    sex = django_filters.ChoiceFilter(label=_("Sex"), choices=Sex.choices)
    status = django_filters.ChoiceFilter(label=_("Account"), choices=STATUS, method="by_status")
    marital_status = django_filters.ChoiceFilter(label=_("Marital status"), choices=MaritalStatus.choices)

    class Meta:
        model = Member
        form = FilterForm
        fields = []

    def by_status(self, queryset, name, value):
        if value == "standing":
            return queryset.standing_over()
        if value == "provisional":
            return queryset.filter(activated_at__isnull=False, proven_at=None)
        if value == "new":
            return queryset.filter(activated_at__gte=timezone.now() - timedelta(days=NEW_DAYS))
        return queryset.filter(activated_at__isnull=value == "waiting")


HELD = (("now", _("Current")), ("soon", _("Ends within 30 days")), ("later", _("Begins later")), ("ended", _("Ended")))
SIGNED_IN = (("never", _("Never signed in")), ("once", _("Signed in at least once")))


class DutyFilter(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Level.choices, method="by_level")
    held = django_filters.ChoiceFilter(
        label=_("When"), choices=HELD, method="by_held", empty_label=_("Current and later")
    )
    signed_in = django_filters.ChoiceFilter(label=_("Sign-in status"), choices=SIGNED_IN, method="by_signed_in")
    place = django_filters.CharFilter(
        label=_("Organisation name"), field_name="organization__name", lookup_expr="icontains"
    )

    class Meta:
        model = Duty
        form = FilterForm
        fields = []

    def by_level(self, queryset, name, value):
        kinds = [kind for kind, level in LEVELS.items() if str(level.value) == str(value)]
        return queryset.filter(organization__kind__in=kinds)

    def by_held(self, queryset, name, value):
        today = timezone.localdate()
        if value == "ended":
            return queryset.filter(valid_until__lte=today)
        if value == "later":
            return queryset.filter(valid_from__gt=today)
        return queryset.ends_within(30) if value == "soon" else queryset.current()

    def by_signed_in(self, queryset, name, value):
        return queryset.filter(member__last_login__isnull=value == "never")


WHOSE = (("decide", _("Waiting for us")), ("proposed", _("Proposed by me")))


class AppointmentFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=AppointmentState.choices, empty_label=_("Waiting for a second person")
    )
    whose = django_filters.ChoiceFilter(label=_("To be handled by"), choices=WHOSE, method="by_whose")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    place = django_filters.CharFilter(
        label=_("Organisation name"), field_name="organization__name", lookup_expr="icontains"
    )

    class Meta:
        model = Appointment
        form = FilterForm
        fields = []

    def by_whose(self, queryset, name, value):
        actor = self.request.user
        return queryset.waiting_with(actor) if value == "decide" else queryset.filter(proposed_by=actor)


class VouchingFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=VouchingState.choices)
    unit = django_filters.CharFilter(label=_("Unit name"), field_name="organization__name", lookup_expr="icontains")

    class Meta:
        model = Vouching
        form = FilterForm
        fields = []


SIDES = (("decide", _("Waiting for us")), ("asked", _("Requested by us")))


class TransferFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=TransferState.choices)
    side = django_filters.ChoiceFilter(label=_("To be handled by"), choices=SIDES, method="by_side")

    class Meta:
        model = Transfer
        form = FilterForm
        fields = []

    def by_side(self, queryset, name, value):
        actor = self.request.user
        return queryset.waiting_for(actor) if value == "decide" else queryset.reached_by(actor, Capability.VIEW)


class DataRequestFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=DataRequestState.choices)
    kind = django_filters.ChoiceFilter(label=_("Content of the request"), choices=DataRequestKind.choices)

    class Meta:
        model = DataRequest
        form = FilterForm
        fields = []


def find_people(queryset, term):
    """Narrow to the people that a typed term matches.

    The term is a phone, an identity number, part of a name, or the beginning of its pinyin.
    """
    code = clean_code(term)
    try:
        return queryset.filter(phone_index=phone_index_of(read_phone(code, demo=settings.ALLOW_DEMO_PEOPLE)))
    except DomainError:
        pass
    if len(code) == 18:
        return queryset.filter(identity_index=identity_index_of(IdentityKind.RESIDENT, code))
    words = clean_line(term)
    return queryset.filter(Q(name__contains=words) | Q(pinyin__startswith=words.lower()))
