"""Old binary documents (.doc, .xls, .ppt, .rtf, and what WPS saves as such) through programs of the system.

LibreOffice turns them into a format our own parsers read, with comments, revisions and hidden parts; where it is not
installed, catdoc gives the text, and everything else is taken from the bytes. Where there is neither, the file is
refused. The program runs with limits, in a folder of its own, without a network (as far as the kernel allows).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import MEGABYTE, too_slow

#: Kind to the kind LibreOffice turns it into, and the fallback that gives text alone.
CONVERTED = {
    "doc": ("docx", ("catdoc", "-d", "utf-8", "-w")),
    "rtf": ("docx", ("catdoc", "-d", "utf-8", "-w")),
    "xls": ("xlsx", ("xls2csv", "-d", "utf-8")),
    "ppt": ("pptx", ("catppt", "-d", "utf-8")),
}
_INSTEAD = {"doc": ".docx", "rtf": ".docx", "xls": ".xlsx", "ppt": ".pptx"}
_SECONDS = 60
_MEMORY = 4096 * MEGABYTE  # address space, of which LibreOffice touches a tenth
_MOST_WRITTEN = 100 * MEGABYTE
ONLY_TEXT = "服务器上没有安装 LibreOffice，只检查了正文文字和能够直接读出的字符，批注、修订等请打开核对。"

# No links are followed, no macro runs, nothing is asked.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" \
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" \
oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value>\
</prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value>\
</prop></item>
</oor:items>
"""


@contextmanager
def converted(path: str, kind: str) -> Iterator[tuple[str, str, list[str]]]:
    """Path, kind and warnings of a file with the same content that the parsers can read, gone afterwards."""
    office = office_program()
    target, fallback = CONVERTED[kind]
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        source = Path(folder, f"source.{kind}")
        shutil.copyfile(path, source)
        if office:
            yield by_office(office, source, target), target, []
        elif program := shutil.which(fallback[0]):
            yield _by_catdoc([program, *fallback[1:]], source), "txt", [ONLY_TEXT]
        else:
            raise no_converter(kind)


def office_program() -> str | None:
    """The path of LibreOffice, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def no_converter(kind: str) -> Unreadable:
    return Unreadable(
        "no-converter",
        f"这是旧的 .{kind} 格式，服务器上没有安装能够读取它的 LibreOffice，无法完整检查。"
        f"请用 Word、Excel 或 WPS 另存为 {_INSTEAD[kind]} 后再检查，或者请管理员安装 LibreOffice。",
    )


def by_office(program: str, source: Path, target: str) -> str:
    """Path of what LibreOffice makes of a file in a folder of its own, under limits; `target` is the ending."""
    profile = source.parent / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    out = source.parent / "out"
    _run(
        [program, f"-env:UserInstallation=file://{profile.parent}", "--headless", "--norestore", "--nolockcheck"]
        + ["--convert-to", target, "--outdir", str(out), str(source)],
        source.parent,
    )
    made = out / f"source.{target}"
    if not made.is_file():
        raise _not_converted("no output")
    return str(made)


def _by_catdoc(command: list[str], source: Path) -> str:
    text = _run([*command, str(source)], source.parent)
    if not text.strip():
        raise _not_converted("no text")
    made = source.parent / "out.txt"
    made.write_bytes(text.replace(b"\x0c", b"\n"))
    return str(made)


def _run(command: list[str], folder: Path) -> bytes:
    """What the program writes to its output; it and its children end with this call."""
    launcher = [sys.executable, "-P", "-m", "gongkai.files.launch", str(_MEMORY), str(_SECONDS), str(_MOST_WRITTEN)]
    root = Path(__file__).resolve().parents[2]
    dead = "http://127.0.0.1:9"
    environment = {
        "PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "PYTHONPATH": str(root),
        "http_proxy": dead, "https_proxy": dead, "ftp_proxy": dead, "SAL_USE_VCLPLUGIN": "svp",
    }  # fmt: skip
    process = subprocess.Popen(
        launcher + command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=folder, env=environment, start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise too_slow(_SECONDS) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if process.returncode != 0:
        raise _not_converted(f"{Path(command[0]).name} ended with {process.returncode}")
    return output


def _not_converted(detail: str) -> Unreadable:
    return Unreadable(
        "not-converted",
        "旧格式的文件没有能够转换，无法完整检查。请用 Word、Excel 或 WPS 打开，另存为 .docx 或 .xlsx 后再检查。",
        detail,
    )
