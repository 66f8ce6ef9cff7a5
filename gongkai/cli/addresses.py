"""What `gongkai serve` prints: addresses, and the demo logins while they are in place."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

DEMO_PASSWORD = "yunxi-demo-2026"


def greeting(host: str, port: int) -> Iterator[str]:
    """Lines for the terminal."""
    from gongkai.agencies.queries import demo_logins

    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    yield _("公众网站  http://%(host)s:%(port)s/") % {"host": shown, "port": port}
    yield _("工作台    http://%(host)s:%(port)s/desk/") % {"host": shown, "port": port}
    logins = demo_logins(DEMO_PASSWORD)
    if logins:
        yield ""
        yield _("演示账号（口令都是 %(password)s）：") % {"password": DEMO_PASSWORD}
        for role_title, staff_number, name, place in logins:
            yield f"  {staff_number:<8}{role_title}  {name}（{place}）"
        yield ""
    yield _("按 Ctrl-C 结束。")
