"""Sign in, sign out, one's own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash, views
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongkai.agencies.actions.people import set_password
from gongkai.agencies.models import Organ
from gongkai.agencies.queries import posts_held
from gongkai.desk.forms.sign_in import PasswordForm, SignInForm
from gongkai.desk.screens import crumbs, done, screen
from gongkai.desk.who import Me, staff
from gongkai.law.roles import role


@method_decorator(never_cache, name="dispatch")
class SignIn(views.LoginView):
    """Whoever is signed in already goes on to the to-do list."""

    form_class = SignInForm
    template_name = "desk/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`site` stays this platform; the parent puts the host name in its place."""
        return {**super().get_context_data(**kwargs), "site": settings.SITE}

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """The end of the session is fixed here: work in it, which saves it again, does not make it live longer."""
        response = super().form_valid(form)
        self.request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        return response


class SignOut(views.LogoutView):
    """POST only, so that no link signs anybody out."""


@require_http_methods(["GET", "POST"])
@staff
def profile(request: HttpRequest, me: Me) -> HttpResponse:
    """Posts of the person and the form for a new password."""
    form = PasswordForm(me.person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_password(me.person, form.cleaned_data["new"], actor=me.oneself(), at=me.at)
        update_session_auth_hash(request, me.person)
        return done(request, _("密码已修改，下次登录请用新密码。"), "desk:profile")
    posts = [
        {
            "role": role(post.role),
            "place": f"{post.section.organ.name} {post.section.name}",
            "since": post.starts_on,
            "until": post.ends_on,
        }
        for post in posts_held(me.person, me.today)
    ]
    lent = [actor for actor in me.held if actor.grant_id is not None]
    labels = {organ.pk: organ.label for organ in Organ.objects.filter(pk__in=[actor.organ_id for actor in lent])}
    return screen(
        request,
        me,
        "desk/profile.html",
        {
            "form": form,
            "posts": posts,
            "lent": [{"role": role(actor.role).title, "organ": labels[actor.organ_id]} for actor in lent],
            "crumbs": crumbs((_("我的账号"), "")),
        },
        section="",
    )
