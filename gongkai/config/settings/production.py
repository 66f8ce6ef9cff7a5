"""A real installation: refuses to start without its secrets."""

import os

from django.core.exceptions import ImproperlyConfigured

from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import ALLOWED_HOSTS, FOI_DATA_KEYS, SECRET_KEY

if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("缺少 SECRET_KEY：请在环境变量里给出至少 32 个字符的随机密钥。")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("缺少 ALLOWED_HOSTS：请在环境变量里写明本站域名，多个用逗号分开。")
if not FOI_DATA_KEYS:
    raise ImproperlyConfigured(
        "缺少 FOI_DATA_KEYS：申请人的个人信息要用它加密，请在环境变量里给出，写法见 docs/operate.md。"
    )

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
SECURE_HSTS_SECONDS = 31536000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
