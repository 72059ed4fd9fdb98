"""Pages of the tree: browsed level by level, searched by name and pinyin."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.core.choices import Area
from portal.core.text import whole_number
from portal.organizations import selectors
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.web.context import here_path
from portal.web.views import CapabilityMixin, DetailView


class OrganizationTreeView(CapabilityMixin, generic.TemplateView):
    """Shows the highest visible organisations, one opened (``?open=``) or those found (``?q=``)."""

    area = Area.ORGANIZATIONS
    template_name = "organizations/organization_tree.html"
    title = _("Tree of organisations")

    def get_context_data(self, **kwargs):
        actor, asked = self.request.user, self.request.GET
        seen = Organization.objects.visible_to(actor)
        words = asked.get("q", "")[:100].replace("\x00", "").strip()
        kind = asked.get("kind", "") if asked.get("kind", "") in OrganizationKind.values else ""
        context = {"words": words, "kind": kind, "kinds": OrganizationKind.choices}
        opened = whole_number(asked.get("open", ""))
        if words:
            rows = seen.filter(closed_on=None).below(here_path(self.request))
            rows = rows.filter(kind=kind) if kind else rows
            context["found"] = selectors.found_by_name(rows, words)
            context["limit"] = selectors.FOUND
        elif opened is not None:
            organization = seen.filter(pk=opened).first()
            if organization is None:
                raise Http404
            line = seen.filter(pk__in=organization.ancestor_ids).order_by("path")
            branch = selectors.branch(organization, asked.get("after", ""))
            context |= {"opened": organization, "line": line, "branch": branch}
        else:
            context["tops"] = selectors.tops(actor, here_path(self.request))
        return super().get_context_data(**context, **kwargs)


class OrganizationChildrenView(DetailView):
    """The organisations directly below one organisation, as a fragment of the page.

    Without htmx, redirects to the page with that organisation opened.
    """

    model = Organization

    def render_to_response(self, context, **kwargs):
        if self.request.htmx:
            branch = selectors.branch(self.object, self.request.GET.get("after", ""))
            context = {"branch": branch, "above": self.object}
            response = render(self.request, "organizations/_organization_branch.html", context)
        else:
            response = redirect(f"{reverse('organizations:organization-tree')}?open={self.object.pk}")
        patch_vary_headers(response, ["HX-Request"])
        return response
