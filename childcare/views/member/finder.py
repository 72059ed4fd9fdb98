"""The search of parents for a holiday class or a nursery place, open to everybody."""

from django.utils.translation import gettext_lazy as _
from django.views import generic

from childcare.forms.finder import FinderForm
from childcare.selectors.finder import classes_found, nurseries_found
from portal.web.middleware import public_page
from portal.web.views import ShellMixin


@public_page
class FinderListView(ShellMixin, generic.TemplateView):
    """Holiday classes and nurseries with their free places, by city, day and age of the child."""

    shell = None
    provisional = True
    template_name = "childcare/finder_list.html"
    title = _("Find care for a child")

    def get_context_data(self, **kwargs):
        form = FinderForm(self.request.GET)
        wanted = form.wanted()
        return super().get_context_data(
            form=form, classes=classes_found(wanted), nurseries=nurseries_found(wanted), **kwargs
        )
