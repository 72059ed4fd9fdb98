"""Which organisations a reader sees."""

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet


class OrganizationQuerySet(OrgScopedQuerySet):
    """The tree, by today's paths. With a duty at /1/14/ she sees /1/14/ and /1/14/203/, not /1/140/."""

    area = Area.ORGANIZATIONS
    path_lookup = "path"

    def open_on(self, day):
        """Organisations that exist on ``day``."""
        return self.filter(closed_on__isnull=True) | self.filter(closed_on__gt=day)

    def under(self, organization):
        """The subtree of ``organization``, itself included."""
        return self.filter(path__startswith=organization.path)

    def for_list(self):
        return self.select_related("parent", "region")
