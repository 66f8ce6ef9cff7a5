"""An installation of its own beside the tests: a home, a folder for the site, a town with items, commands and a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

TOWN = """
import json, sys, django; django.setup()
from pathlib import Path
from django.conf import settings
from tests.conftest import AT, TODAY, Desk, build_town
from tests.channels.site.conftest import Site
town = build_town()
site = Site(Desk(town), town, Path(settings.STATIC_SITE_DIR))
made = [site.item(f"青禾市第{n}号公告", theme="民政").index_number for n in range(30)]
made.append(site.item("滨河路夜市管理办法", body="<p>夜市正文一段</p>", attachment="夜市附表").index_number)
print(json.dumps(made))
"""

WITHDRAW = """
import sys, django; django.setup()
from django.utils import timezone
from gongkai.agencies.actors import SYSTEM
from gongkai.channels.actions.follow import follow_all
from gongkai.channels.adapters import channel_of
from gongkai.channels.tasks import carry_round
from gongkai.disclosure.actions.withdraw import withdraw
from gongkai.disclosure.models import Item
from gongkai.ledger.actions.seal import seal_all
now, today = timezone.now(), timezone.localdate()
item = Item.objects.get(index_number=sys.argv[1])
withdraw(item.pk, "error", explanation="附表有误。", actor=SYSTEM, at=now, today=today)
seal_all(at=now)
follow_all(at=now, on=today)
carry_round(channel_of("static_site"))
"""


@dataclass
class Installation:
    """Settings of development on SQLite, whatever the tests themselves run on."""

    home: Path
    target: Path
    base_url: str = "http://127.0.0.1"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
        return {
            **kept, "GONGKAI_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
            "STATIC_SITE_DIR": str(self.target), "SITE_BASE_URL": self.base_url, "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "gongkai", *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*arguments), cwd=ROOT, env=self.environment, capture_output=True, text=True)

    def script(self, code: str, *arguments: str) -> str:
        said = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert said.returncode == 0, said.stderr
        return said.stdout

    def make(self) -> list[str]:
        """Database, town, thirty-one items; returns their index numbers, the last with an attachment."""
        made = self.run("migrate")
        assert made.returncode == 0, made.stderr
        numbers: list[str] = json.loads(self.script(TOWN).splitlines()[-1])
        return numbers
