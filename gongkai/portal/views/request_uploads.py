"""Files of the request form: whole, as a plain form sends them, or piece by piece, as the script does.

The script's addresses answer JSON: {"upload", "received", "size", "piece", "whole"} or {"sentence"}; 409 tells by
`received` where to go on. A body larger than may be is refused by its announced length, before it is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.files.refusal import Unreadable
from gongkai.foi.actions.drafts import NoDraft
from gongkai.foi.actions.turning import APPLICANT
from gongkai.foi.actions.uploads import WrongOffset, add_chunk, attach, finish_upload, remove_upload, start_upload
from gongkai.foi.models import DraftFile
from gongkai.foi.models.forms import DRAFT_FILE_KINDS
from gongkai.foi.queries.drafts import configured, upload_of, uploads
from gongkai.law.verdicts import Refusal
from gongkai.portal.views.request_sitting import Sitting, frame, going_on, private, sit

#: What a form may weigh beside its file.
MARGIN = 64 * 1024
MEGABYTE = 1024 * 1024
KINDS = (
    ("identity", _("身份证明"), _("身份证件的照片、扫描件或者 PDF；组织传登记证书。委托他人办理的，一并传委托书。")),
    ("request", _("其他材料"), _("有助于查找信息的材料，没有就不用传。")),
)


def not_larger(most: Callable[[], int], answer: Callable[[HttpRequest], HttpResponse]) -> Callable[..., Any]:
    """Refuse by the announced length before anything reads the body; only then is the token against forgery checked."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        guarded = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def judged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and _announced(request) > most():
                return answer(request)
            return guarded(request, *args, **kwargs)

        return judged

    return decorate


def _announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def too_large() -> str:
    most = configured("LARGEST_FILE") // MEGABYTE
    return _("文件超过 %(most)s MB，没有接收。请拆分、压缩图片或者改为 PDF；也可以当面或者邮寄提交。") % {"most": most}


def _page_too_large(request: HttpRequest) -> HttpResponse:
    response = _files_page(request, sit(request), sentence=too_large(), status=413)
    response["Connection"] = "close"
    return response


def _piece_too_large(_request: HttpRequest) -> HttpResponse:
    return _told(too_large(), 413)


# The page --------------------------------------------------------------------------------------------------------------


@private
@require_http_methods(["GET", "HEAD", "POST"])
@not_larger(lambda: configured("LARGEST_FILE") + MARGIN, _page_too_large)
@going_on
def files(request: HttpRequest, here: Sitting) -> HttpResponse:
    """The files of the form; without script one file comes with one post."""
    if request.method != "POST":
        return _files_page(request, here, kept="saved" in request.GET)
    kind, given = request.POST.get("kind", ""), request.FILES.get("file")
    if kind not in DRAFT_FILE_KINDS or given is None:
        return _files_page(request, here, sentence=_("请先选择文件，再上传。"), kind=kind)
    try:
        attach(here.token, given.read(), given.name or "", kind=kind, actor=APPLICANT, at=here.at)
    except Refusal as refusal:
        return _files_page(request, here, sentence=str(refusal), kind=kind)
    return HttpResponseRedirect(reverse("portal:request_files") + f"?saved=1#{kind}")


@private
@require_POST
@going_on
def remove_file(request: HttpRequest, here: Sitting) -> HttpResponse:
    """Take a file out of the form."""
    try:
        remove_upload(here.token, request.POST.get("upload", "")[:40], actor=APPLICANT, at=here.at)
    except (NoDraft, Refusal):
        return HttpResponseRedirect(reverse("portal:request"))
    return HttpResponseRedirect(reverse("portal:request_files"))


def _files_page(
    request: HttpRequest, here: Sitting, *, sentence: str = "", kind: str = "", kept: bool = False, status: int = 200
) -> HttpResponse:
    held = uploads(here.draft) if here.draft is not None else []
    groups: list[dict[str, Any]] = [
        {"kind": code, "title": title, "hint": hint, "files": [f for f in held if f.kind == code],
         "sentence": sentence if code == (kind if kind in DRAFT_FILE_KINDS else KINDS[0][0]) else ""}
        for code, title, hint in KINDS
    ]  # fmt: skip
    errors = [
        {"target": f"file-{group['kind']}", "label": group["title"], "sentence": sentence}
        for group in groups if group["sentence"]
    ]  # fmt: skip
    context = frame(here, "files", _("身份证明和其他材料")) | {
        "groups": groups,
        "errors": errors,
        "limit": configured("LARGEST_FILE") // MEGABYTE,
        "limit_bytes": configured("LARGEST_FILE"),
        "most_files": configured("MOST_FILES"),
        "kept": kept,
    }
    return render(request, "portal/request_files.html", context, status=status)


# Piece by piece ----------------------------------------------------------------------------------------------------------


def _told(sentence: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"sentence": sentence, **more}, status=status, json_dumps_params={"ensure_ascii": False})


def _here(here: Sitting, paper: DraftFile) -> JsonResponse:
    assert here.draft is not None
    known = upload_of(here.draft, paper)
    return JsonResponse(
        {"upload": known.upload_id, "received": known.received, "size": known.size, "whole": known.whole,
         "piece": configured("LARGEST_CHUNK")}
    )  # fmt: skip


def in_pieces(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The draft behind the cookie, and every refusal as JSON with what to do."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        here = sit(request)
        gone = _("没有找到草稿，可能已经提出或者清除。请重新打开申请页面。")
        if here.draft is None or here.submitted:
            return _told(gone, 410)
        try:
            return view(request, here, *args, **kwargs)
        except WrongOffset as wrong:
            return _told(_("接着传。"), 409, received=wrong.received)
        except NoDraft:
            return _told(gone, 410)
        except UnreadablePostError:
            return _told(_("连接断开，这一段没有传完。"), 400)
        except Unreadable as refused:
            return _told(refused.sentence, 404 if refused.refused.code == "no-upload" else 422)
        except Refusal as refusal:
            return _told(str(refusal), 409)

    return answered


@private
@require_POST
@not_larger(lambda: MARGIN, _piece_too_large)
@in_pieces
def start(request: HttpRequest, here: Sitting) -> HttpResponse:
    """Announce a file: name, size in bytes, kind, and what the browser knows it by. The same file goes on."""
    try:
        told = json.loads(request.body)
        name, size, kind, mark = str(told["name"]), int(told["size"]), str(told["kind"]), str(told["mark"])
    except (ValueError, KeyError, TypeError):
        return _told(_("没有读懂这个文件的信息，请重新选择文件。"), 400)
    if kind not in DRAFT_FILE_KINDS or not 0 < len(mark) <= 200 or len(name) > 1000:
        return _told(_("没有读懂这个文件的信息，请重新选择文件。"), 400)
    paper = start_upload(here.token, name, size, kind=kind, client_id=mark, actor=APPLICANT, at=here.at)
    return _here(here, paper)


@private
@require_http_methods(["GET", "POST"])
@not_larger(lambda: configured("LARGEST_CHUNK"), _piece_too_large)
@in_pieces
def piece(request: HttpRequest, here: Sitting, upload: str) -> HttpResponse:
    """GET: how much is here. POST: the next piece, its place in the header Upload-Offset."""
    if request.method == "GET":
        assert here.draft is not None
        paper = here.draft.files.filter(upload_id=upload).first()
        if paper is None:
            return _told(_("没有找到这个文件，请重新选择文件。"), 404)
        return _here(here, paper)
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdecimal() and len(offset) < 12):
        return _told(_("没有读懂这一段的位置，请重新选择文件。"), 400)
    data = request.body
    if len(data) != _announced(request):
        return _told(_("这一段没有传完。"), 400)
    return _here(here, add_chunk(here.token, upload, int(offset), data, actor=APPLICANT, at=timezone.now()))


@private
@require_POST
@not_larger(lambda: MARGIN, _piece_too_large)
@in_pieces
def finish(request: HttpRequest, here: Sitting, upload: str) -> HttpResponse:
    """Look at the whole file; a file that must not come in is gone with the answer that says why."""
    return _here(here, finish_upload(here.token, upload, actor=APPLICANT, at=here.at))
