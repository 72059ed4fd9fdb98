"""Tables of nominations and media releases."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from matchmaking.models import MediaRelease, Nomination
from matchmaking.tables.weddings import StateTable
from portal.core.text import mask_name


class NominationTable(StateTable):
    pk = tables.Column(verbose_name=_("Number"), linkify=True)
    member = tables.Column(verbose_name=_("Person"), orderable=False)
    medium = tables.Column(verbose_name=_("Media type"))
    programme = tables.Column(verbose_name=_("Programme or column"))
    created_at = tables.DateTimeColumn(verbose_name=_("Proposed at"), format="Y-m-d H:i")

    class Meta:
        model = Nomination
        fields = ("pk", "member", "medium", "programme", "state", "created_at")
        order_by = ("-pk",)

    def render_member(self, record):
        return mask_name(record.member.name)


class ReleaseTable(tables.Table):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    medium = tables.Column(verbose_name=_("Media type"))
    outlet = tables.Column(verbose_name=_("Name of the media outlet"))
    published_on = tables.DateColumn(verbose_name=_("Published on"), format="Y-m-d")
    organization = tables.Column(verbose_name=_("Organisation"), accessor="organization__label", orderable=False)
    event = tables.Column(verbose_name=_("Event"), accessor="event__title", orderable=False)

    class Meta:
        model = MediaRelease
        fields = ("title", "medium", "outlet", "published_on", "organization", "event")
        order_by = ("-published_on",)
