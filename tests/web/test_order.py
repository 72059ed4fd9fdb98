"""Every list has a fixed order.

Rows that are equal in the sorted columns do not change places from page to page.
"""

import django_tables2 as tables
import pytest
from django.db.models import Count, Window
from django.db.models.functions import RowNumber
from django.urls import get_resolver

from matchmaking.models import SingleProfile
from matchmaking.tables.profiles import ProfileTable
from portal.members.models import Member
from portal.web.lists import OrderedRows, in_full_order
from portal.web.views import ListView
from tests.factories.members import make_entry
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


class PeopleTable(tables.Table):
    sex = tables.Column()
    name = tables.Column(orderable=False)

    class Meta:
        order_by = ("-name",)


def order_of(rows):
    return in_full_order(rows).query.order_by


def test_the_latest_row_comes_first_where_nothing_else_tells():
    assert order_of(SingleProfile.objects.all()) == ("-pk",)
    assert order_of(Member.objects.order_by("sex")) == ("sex", "-pk")
    assert order_of(Member.objects.order_by("sex", "pk")) == ("sex", "pk")
    assert order_of(Member.objects.order_by("-id")) == ("-id",)
    counted = Member.objects.values("sex").annotate(n=Count("pk")).order_by("sex")
    assert order_of(counted) == ("sex",)
    assert order_of(Member.objects.annotate(place=Window(RowNumber()))) == (*Member._meta.ordering, "-pk")


def test_a_table_sorted_by_what_is_equal_keeps_its_rows_apart():
    unit = make_organization()
    entries = [make_entry(unit) for _n in range(30)]
    rows = Member.objects.filter(pk__in=[entry.pk for entry in entries])
    seen = []
    for page in (1, 2, 3):
        table = PeopleTable(OrderedRows(rows), order_by="sex")
        table.paginate(page=page, per_page=10)
        seen += [row.record.pk for row in table.page]
        # PostgreSQL may move a row when it is written; the row must not move in the list.
        Member.objects.filter(pk=entries[0].pk).update(name="示例改")
    assert seen == sorted((entry.pk for entry in entries), reverse=True)
    # A column that cannot be sorted orders nothing, even if the table asks for it.
    assert PeopleTable(OrderedRows(rows)).data.data.query.order_by[-1] == "-pk"
    assert ProfileTable(OrderedRows(SingleProfile.objects.all())).data.data.query.order_by == ("-pk",)


def test_every_list_of_the_desk_takes_its_rows_so():
    def views(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            else:
                yield getattr(pattern.callback, "view_class", None)

    lists = {view for view in views(get_resolver().url_patterns) if view and issubclass(view, ListView)}
    assert len(lists) > 20
    assert [view.__name__ for view in lists if view.get_table_data is not ListView.get_table_data] == []
