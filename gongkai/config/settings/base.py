"""Settings of every installation. What differs between installations comes from the environment.

GONGKAI_HOME   folder that holds all state: database, files, index (default ./var)
DATABASE_URL   sqlite:///… or postgres://… (default: SQLite in GONGKAI_HOME)
SECRET_KEY     must be given in production; elsewhere made once and kept in GONGKAI_HOME
"""

import json
import os
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured

from gongkai.law.announcements import SCOPES
from gongkai.law.upkeep import months_with

BASE_DIR = Path(__file__).resolve().parents[3]
HOME = Path(os.environ.get("GONGKAI_HOME") or BASE_DIR / "var").expanduser().resolve()

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = [h for h in os.environ.get("ALLOWED_HOSTS", "").split(",") if h]
CSRF_TRUSTED_ORIGINS = [h for h in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if h]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "js_asset",
    "django_prose_editor",
    "django_htmx",
    "gongkai.ledger",
    "gongkai.agencies",
    "gongkai.calendars",
    "gongkai.files",
    "gongkai.scanning",
    "gongkai.review",
    "gongkai.disclosure",
    "gongkai.foi",
    "gongkai.search",
    "gongkai.notices",
    "gongkai.channels",
    "gongkai.reporting",
    "gongkai.pages",
    "gongkai.web",
    "gongkai.portal",
    "gongkai.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gongkai.web.null_characters.NoNullCharacters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gongkai.config.urls"
WSGI_APPLICATION = "gongkai.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "gongkai.web.context.site",
            ],
            "libraries": dict.fromkeys(("i18n", "static"), "gongkai.web.templatetags.once"),
        },
    }
]

# Two tag libraries by one name are meant above: the second stands in for the first.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

# -- database -----------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'gongkai.sqlite3'}", conn_max_age=600
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL with immediate transactions: readers never wait, writers queue instead of failing half-way.
    # recursive_triggers: INSERT OR REPLACE deletes the old row silently unless delete triggers fire for it.
    # synchronous=FULL: what a person was told is done survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
            "PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:todo"
LOGOUT_REDIRECT_URL = "desk:login"
SESSION_COOKIE_AGE = 8 * 3600
# [I] the desk signs out who does nothing for so long; the eight hours above hold in any case
DESK_IDLE_SECONDS = int(os.environ.get("DESK_IDLE_MINUTES", "30")) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# Five wrong tries lock the pair of account and address for fifteen minutes, so that nobody can lock out a colleague.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# The sign-in form says username; axes would look for the model's own field and never count a failure.
AXES_USERNAME_FORM_FIELD = "username"
AXES_CLIENT_IP_CALLABLE = "gongkai.web.client_ip.client_ip"
# How many proxies of our own stand in front; each appends to X-Forwarded-For. 0: take the peer's address.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# -- language, time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "gongkai" / "locale"]

# -- files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FILES_ROOT = HOME / "files"
INDEX_ROOT = HOME / "index"
DATA_UPLOAD_MAX_MEMORY_SIZE = 24 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# -- browsers -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# -- the site: footer and meta tags (国办秘函〔2019〕19号; regulation text in docs) -----------------
# Marks that are empty are left out of the page, and `gongkai check` says so.
SITE = {
    "name": os.environ.get("SITE_NAME", "云溪市政务公开"),
    "operator": os.environ.get("SITE_OPERATOR", "云溪市人民政府办公室"),
    "contractor": os.environ.get("SITE_CONTRACTOR", "云溪市政务公开中心"),
    "subtitle": os.environ.get("SITE_SUBTITLE", "云溪市人民政府信息公开平台"),
    "government": os.environ.get("SITE_GOVERNMENT", "云溪市人民政府"),
    "domain": os.environ.get("SITE_DOMAIN", "www.yunxi.example"),
    "base_url": os.environ.get("SITE_BASE_URL", ""),
    "id_code": os.environ.get("SITE_ID_CODE", "0000000001"),
    "icp": os.environ.get("SITE_ICP", "云溪ICP备20260000号"),
    "police": os.environ.get("SITE_POLICE", "云溪公网安备00000000000001号"),
    "address": os.environ.get("SITE_ADDRESS", "云溪市云山区文渊路1号"),
    "phone": os.environ.get("SITE_PHONE", "（0000）8812 0101"),
    "hours": os.environ.get("SITE_HOURS", "工作日 8:30—12:00，14:00—17:30"),
    "email": os.environ.get("SITE_EMAIL", ""),
    "ipv6": os.environ.get("SITE_IPV6", "") == "1",
    "party_mark_url": os.environ.get("SITE_PARTY_MARK_URL", ""),
    "error_report_url": os.environ.get("SITE_ERROR_REPORT_URL", ""),
}

# -- telling applicants about their requests; a way without its server is not used ----------------
EMAIL_BACKEND = "gongkai.notices.mail.Backend"
EMAIL_HOST = os.environ.get("MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MAIL_PASSWORD", "")
# "starttls": begin in plain and change over; "ssl": encrypted from the start; "": a relay inside one's own network
EMAIL_USE_TLS = os.environ.get("MAIL_SECURITY", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("MAIL_SECURITY", "") == "ssl"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "")
SMS_GATEWAY_URL = os.environ.get("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = os.environ.get("SMS_GATEWAY_TOKEN", "")

# -- channels; one without its credentials is not used, `gongkai check` says what is missing ---------
# Folder of the public site as files (docs/operate.md); empty: the site is served by the application alone.
STATIC_SITE_DIR = os.environ.get("STATIC_SITE_DIR", "")
# An S3-compatible store that follows the folder, as https://store/bucket or https://store/bucket/prefix; empty: none.
STATIC_SITE_BUCKET = os.environ.get("STATIC_SITE_BUCKET", "")
STATIC_SITE_BUCKET_KEY = os.environ.get("STATIC_SITE_BUCKET_KEY", "")
STATIC_SITE_BUCKET_SECRET = os.environ.get("STATIC_SITE_BUCKET_SECRET", "")
STATIC_SITE_BUCKET_REGION = os.environ.get("STATIC_SITE_BUCKET_REGION", "us-east-1")
SERVICE_PLATFORM_URL = os.environ.get("SERVICE_PLATFORM_URL", "")
SERVICE_PLATFORM_SECRET = os.environ.get("SERVICE_PLATFORM_SECRET", "")
WECHAT_APP_ID = os.environ.get("WECHAT_APP_ID", "")
WECHAT_APP_SECRET = os.environ.get("WECHAT_APP_SECRET", "")
# What signs the callbacks to /callback/wechat/; without it results are only asked for, a little later.
WECHAT_TOKEN = os.environ.get("WECHAT_TOKEN", "")
WECHAT_BASE_URL = os.environ.get("WECHAT_BASE_URL", "https://api.weixin.qq.com")
WEIBO_ACCESS_TOKEN = os.environ.get("WEIBO_ACCESS_TOKEN", "")
# The interface asks for the address of whoever posts: the public address of this installation.
WEIBO_OPERATOR_IP = os.environ.get("WEIBO_OPERATOR_IP", "")
WEIBO_BASE_URL = os.environ.get("WEIBO_BASE_URL", "https://api.weibo.com")


def _months(text: str) -> dict[str, int]:
    try:
        found: dict[str, int] = json.loads(text)
        months_with(found)
    except (ValueError, AttributeError) as error:
        raise ImproperlyConfigured(f'环境变量 LOOK_MONTHS 写得不对，应当写成 {{"指南": 3}}（{error}）') from None
    return found


# -- rules that law leaves to the office; each is a default named in docs/operate.md --------------
# [I] index number: nine-digit organ code, year, five-digit serial (政府信息公开目录系统实施指引)
INDEX_NUMBER_PATTERN = os.environ.get("INDEX_NUMBER_PATTERN", "{org_code}/{year}-{serial:05d}")
# [I] how long a closed request keeps its applicant's particulars before they may be erased
FOI_KEEP_YEARS = int(os.environ.get("FOI_KEEP_YEARS", "10"))
# Master keys of sealed particulars, `id:base64` joined by commas; only registering a request asks for them.
FOI_DATA_KEYS = os.environ.get("FOI_DATA_KEYS", "")
# [I] an office's own thresholds of inspection indicators, as JSON {"code": n} (law/inspection.py has the national ones)
INSPECTION_THRESHOLDS = json.loads(os.environ.get("INSPECTION_THRESHOLDS", "{}"))
# [I] an office's own months between two looks at what is public, as JSON {"指南": 3, "20-02": 2} (law/upkeep.py has the rest)
LOOK_MONTHS = _months(os.environ.get("LOOK_MONTHS", "{}"))
# [I] which announcements go when their period is over: persons | all | none (law/announcements.py)
ANNOUNCEMENT_TEXTS_GO = os.environ.get("ANNOUNCEMENT_TEXTS_GO", "persons")
if ANNOUNCEMENT_TEXTS_GO not in SCOPES:
    raise ImproperlyConfigured(f"环境变量 ANNOUNCEMENT_TEXTS_GO 只能写 {'、'.join(SCOPES)} 之一")
# Dotted path of an electronic seal (foi/seals.py); empty: letters are printed, stamped by hand and scanned.
FOI_SEAL = os.environ.get("FOI_SEAL", "")
# A .csv with the words of the negative list and the leaders in order (scanning/lists.py); empty: none.
SCAN_LISTS = os.environ.get("SCAN_LISTS", "")
# [I] where review is applied for online; written into replies that go out online (行政复议法22.2)
FOI_REVIEW_CHANNEL = os.environ.get("FOI_REVIEW_CHANNEL", "")
# [I] 条例18 names no interval for looking again at what was not disclosed
REASSESS_MONTHS = int(os.environ.get("REASSESS_MONTHS", "12"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gongkai": {"level": "INFO"}},
}
