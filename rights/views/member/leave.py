"""The maternity-leave calculator, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import generic
from django.views.decorators.debug import sensitive_post_parameters

from portal.core.errors import DomainError
from portal.web.views import ShellMixin
from rights.forms.leave import LeaveForm
from rights.leave import Confinement
from rights.selectors.leave import leave_answer, own_province


@method_decorator(login_not_required, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class LeaveShowView(ShellMixin, generic.FormView):
    """A form and, once it is sent, the answer on the same page.

    It is sent by POST and answered without a redirect, so that the dates of a pregnancy are stored nowhere and stand in
    no address and no log. Browsers may not store the page.
    """

    shell = None
    provisional = True
    form_class = LeaveForm
    template_name = "rights/leave_show.html"
    title = _("Maternity leave calculator")

    def get_initial(self):
        region = own_province()
        return {"region": region.pk} if region else {}

    def form_valid(self, form):
        data = form.cleaned_data
        case = Confinement(data["kind"], data["first_day"], data["babies"], data["child"], data["months"] or 0)
        try:
            answer = leave_answer(case=case, region=data["region"], born=data["born"], last_period=data["last_period"])
        except DomainError as error:
            form.add_error(None, error.message)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, answer=answer))

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response
