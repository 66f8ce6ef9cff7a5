"""Every address of the system: the portal at the root, the back office under /desk/, the pull API under /api/."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("gongkai.desk.urls")),
    path("api/", include("gongkai.api.urls")),
    path("", include("gongkai.portal.urls")),
]

handler400 = "gongkai.web.errors.bad_request"
handler403 = "gongkai.web.errors.forbidden"
handler404 = "gongkai.web.errors.not_found"
handler500 = "gongkai.web.errors.server_error"
