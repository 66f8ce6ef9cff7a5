"""What the tests need from the system, and how it gets there."""

from __future__ import annotations

import ctypes.util
import glob
import os
import shutil
import subprocess
import sys


def postgres_bin() -> str | None:
    """Folder of initdb and pg_ctl, newest version first; None when PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return os.path.dirname(os.path.realpath(found))
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda f: int(f.split("/")[4].split(".")[0]))
    folders = [f for f in folders if os.path.exists(f"{f}/initdb")]
    return folders[-1] if folders else None


def chromium() -> str | None:
    """Path of a Chromium the browser tests can drive."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


def cjk_font() -> bool:
    """Is there a font with Chinese characters? Without one screenshots and PDF show boxes."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


def pango() -> bool:
    """Can WeasyPrint lay out a page? Without Pango no official letter becomes a PDF."""
    return ctypes.util.find_library("pangoft2-1.0") is not None and ctypes.util.find_library("pango-1.0") is not None


WANTED = (
    ("postgresql", "PostgreSQL 服务器", lambda: postgres_bin() is not None),
    ("chromium", "Chromium 浏览器", lambda: chromium() is not None),
    ("fonts-noto-cjk", "中文字体", cjk_font),
    ("libpangoft2-1.0-0", "排版库 Pango", pango),
)


def ensure() -> None:
    """Install what is missing through apt when that is allowed; else stop and say exactly what to install."""
    missing = [(package, title) for package, title, there in WANTED if not there()]
    if not missing:
        return
    packages = [package for package, _ in missing]
    titles = "、".join(title for _, title in missing)
    apt = shutil.which("apt-get")
    sudo: list[str] | None = []
    if os.geteuid() != 0:
        may = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        sudo = ["sudo", "-n"] if may and may.returncode == 0 else None
    if apt is None or sudo is None:
        sys.exit(f"测试还需要：{titles}。请安装后再试，例如在 Debian 上：apt-get install {' '.join(packages)}")
    print(f"正在安装测试需要的系统软件：{titles}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*sudo, apt, "update", "-qq"], check=True, env=environment, stdout=subprocess.DEVNULL)
    subprocess.run(
        [*sudo, apt, "install", "-y", "-qq", "--no-install-recommends", *packages],
        check=True, env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    still = [title for package, title, there in WANTED if package in packages and not there()]
    if still:
        sys.exit(f"安装之后仍然缺少：{'、'.join(still)}。请手工安装。")
