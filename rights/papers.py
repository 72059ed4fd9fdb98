"""The numbers of cases."""

from django.utils.translation import gettext_lazy as _

from portal.papers.kinds import Kind

KINDS = [Kind(code="rights.case", name=_("Case number"), word="女维")]
