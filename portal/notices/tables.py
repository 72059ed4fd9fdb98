"""The table of notices."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.notices.models import Notice
from portal.web.tables import PlaceColumn, StateColumn


class NoticeTable(tables.Table):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    organization = PlaceColumn(verbose_name=_("Issued by"))
    target = tables.Column(verbose_name=_("Addressed to"), orderable=False)
    audience = tables.Column(verbose_name=_("Readers"))
    state = StateColumn()
    published_at = tables.DateTimeColumn(verbose_name=_("Published at"), format="Y-m-d H:i")

    class Meta:
        model = Notice
        fields = ("title", "organization", "target", "audience", "state", "published_at")
        order_by = ("-pk",)

    def render_target(self, record):
        return record.target.label
