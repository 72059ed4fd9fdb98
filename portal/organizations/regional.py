"""Base of imports from Excel whose rows are identified by region and name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_code, clean_prose
from portal.exchange.registers import Column, Fault, Kind, Register, Row
from portal.organizations.models import Organization, Region

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from django.db.models import QuerySet

    from portal.members.models import Member

REGION = Column(
    "region",
    _("Region code"),
    aliases=("行政区划代码", "区划代码"),
    help=_("Six digits, such as 230102."),
    sample="230102",
    kind=Kind.CODE,
    mask=None,
)


class RegionRegister(Register):
    """Rows with a ``name`` and a ``region``; an existing one is skipped, one listed twice is refused.

    ``standing(names)`` returns the existing rows with these names, ``known_words`` is the reason given for skipping
    one; ``check_row`` yields further faults of a row whose region exists.
    """

    known_words = ""

    def standing(self, names: Collection[str]) -> QuerySet[Any]:
        """Return a queryset of the existing rows that have one of ``names``."""
        raise NotImplementedError

    def check_row(self, *, row: Row, region: Region, context: Mapping[str, Any]) -> Iterable[Fault]:
        """Yield further faults of a row; its region exists."""
        return ()

    def prepare(self, *, actor: Member, organization: Organization, rows: list[Row]) -> dict[str, Any]:
        codes = {clean_code(row.data["region"]) for row in rows if row.data.get("region")}
        names = {clean_prose(row.data["name"]) for row in rows if row.data.get("name")}
        return {
            "organization": organization,
            "regions": {region.code: region for region in Region.objects.filter(code__in=codes, statistical=False)},
            "known": set(self.standing(names).values_list("region_id", "name")),
        }

    def check(self, *, context: Mapping[str, Any], rows: list[Row]) -> Iterator[Fault]:
        seen: dict[tuple[str, str], int] = {}
        for row in rows:
            name, code = clean_prose(row.data.get("name") or ""), clean_code(row.data.get("region") or "")
            region = context["regions"].get(code)
            if code and region is None:
                yield row.wrong("region", _("There is no region with this code."))
            elif (code, name) in context["known"]:
                yield row.known("name", self.known_words)
            elif name and (code, name) in seen:
                words = _("The same value appears in line %(line)s.") % {"line": seen[code, name]}
                yield row.wrong("name", words, _("Keep only one of the two lines."))
            if region is not None:
                yield from self.check_row(row=row, region=region, context=context)
            seen.setdefault((code, name), row.line)
