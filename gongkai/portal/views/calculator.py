"""`/rules/`: the law as anybody can try it out, without script. What is asked stands in the address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.calendars.queries import work_calendar
from gongkai.law.workdays import FIRST_YEAR
from gongkai.portal.views import shapes
from gongkai.portal.views.calculator_due import due
from gongkai.portal.views.calculator_fee import fee
from gongkai.portal.views.calculator_tree import tree

__all__ = ["due", "fee", "start", "tree"]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    context = {
        "section": "apply",
        "crumbs": shapes.crumbs((_("依申请公开"), reverse("portal:apply")), (_("规则与测算"), "")),
        "first_year": FIRST_YEAR,
        "last_official_year": work_calendar().last_official_year,
    }
    return render(request, "portal/calculator.html", context)
