"""Pages of a member about a row of their own, in the member shell."""

from django.shortcuts import get_object_or_404
from django.views import generic

from portal.web.views import ConfirmMixin, PerformMixin, ShellMixin


class OwnRowMixin(ShellMixin):
    """A page of one row of the member; everyone else finds nothing.

    ``own_rows`` are the rows among which it is found: those that the queryset's ``own(member)`` gives.
    """

    shell = "member"
    model = None

    def own_rows(self):
        return self.model._default_manager.own(self.request.user)

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.object = get_object_or_404(self.own_rows(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"object": self.object, **kwargs})


class OwnFormView(PerformMixin, OwnRowMixin, generic.FormView):
    """A form about a row of the member."""

    template_name = "components/form_page.html"

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if getattr(self.get_form_class(), "takes_object", False):
            kwargs["about"] = self.object
        return kwargs

    def next_url(self, result):
        return self.get_success_url() if self.success_url else self.object.get_absolute_url()


class OwnActionView(ConfirmMixin, OwnFormView):
    """One action on a row of the member: GET shows what it will do, POST does it."""

    def back_url(self):
        return self.next_url(None)
