"""No route at all."""

urlpatterns: list = []
