"""Notices as a table."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.notices.models import Notice
from portal.web.templatetags.portal_ui import badge


class NoticeTable(tables.Table):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    organization = tables.Column(verbose_name=_("Issued by"), order_by=("organization__pinyin", "pk"))
    target = tables.Column(verbose_name=_("Addressed to"), orderable=False)
    audience = tables.Column(verbose_name=_("Who reads it"))
    state = tables.Column(verbose_name=_("State"))
    published_at = tables.DateTimeColumn(verbose_name=_("Published at"), format="Y-m-d H:i")

    class Meta:
        model = Notice
        fields = ("title", "organization", "target", "audience", "state", "published_at")
        order_by = ("-pk",)

    def render_organization(self, record):
        return record.organization.label

    def render_target(self, record):
        return record.target.label

    def render_state(self, record):
        return badge(record.state, record.get_state_display())
