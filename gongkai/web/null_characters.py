"""A null character is in no word anybody types and in no address of ours; PostgreSQL cannot even be asked about it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest


class NoNullCharacters:
    """Answers 400 to a request with a null character in its path, its query or, where a form let one by, its fields."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return HttpResponseBadRequest() if "NUL (0x00)" in str(exception) else None
