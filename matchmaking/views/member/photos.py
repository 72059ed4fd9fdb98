"""Member pages of photos of singles."""

from django.shortcuts import get_object_or_404, redirect
from django.views import generic

from matchmaking.forms.photos import PhotoForm
from matchmaking.models import ProfilePhoto
from matchmaking.services.photos import photo_add, photo_remove
from matchmaking.views.member.profiles import STEPS, UNSENT, StepView, step_url
from matchmaking.views.member.singles import OfSingleMixin


class SinglePhotosView(StepView):
    """Up to three photos, each added and removed on its own."""

    step = "photos"
    form_class = PhotoForm
    template_name = "matchmaking/single_photos.html"

    def get_context_data(self, **kwargs):
        photos = list(self.mine.photos.select_related("file"))
        names = [name for name, _label in STEPS]
        onward = step_url(names[names.index(self.step) + 1]) if self.mine.state in UNSENT else step_url("home")
        return super().get_context_data(photos=photos, onward=onward, room=len(photos) < 3, **kwargs)

    def perform(self, form):
        photo_add(profile=self.mine, actor=self.request.user, content=form.cleaned_data["photo"])

    def next_url(self, result):
        return step_url("photos")


class SinglePhotoRemoveView(OfSingleMixin, generic.View):
    """Delete one of the member's photos."""

    http_method_names = ["post"]

    def post(self, request, pk):
        photos = ProfilePhoto.objects.filter(profile__member=request.user).select_related("profile")
        photo_remove(photo=get_object_or_404(photos, pk=pk), actor=request.user)
        return redirect("matchmaking:single-photos")
