"""Mail through Django's backend, with one thing added: whether the server had the message when something broke."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email

from gongkai.foi.particulars import Particulars
from gongkai.notices.outcomes import NotSent, Rejected, Unclear
from gongkai.notices.wording import Words


class _Told:
    """Mixed into smtplib's clients: `given` once the text of a message has begun to go over."""

    given = False

    def mail(self, *args: Any, **kwargs: Any) -> Any:
        self.given = False
        return super().mail(*args, **kwargs)  # type: ignore[misc]

    def send(self, s: Any) -> None:
        # smtplib hands commands over as text and the message alone as bytes.
        self.given = self.given or isinstance(s, bytes)
        super().send(s)  # type: ignore[misc]


class _Smtp(_Told, smtplib.SMTP):
    pass


class _SmtpSsl(_Told, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Django's SMTP backend over clients that know how far a message went."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpSsl if self.use_ssl else _Smtp


class Mail:
    """Sends one message to one address at a time over one connection, which any failure closes."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

    def address(self, told: Particulars) -> str:
        """Empty when none was given; `Rejected` when it cannot be one."""
        given = told.email.strip()
        if given:
            try:
                validate_email(given)
            except ValidationError:
                raise Rejected("unusable") from None
        return given

    def send(self, address: str, words: Words, reference: str) -> None:
        """Returns when the server has taken the message; raises NotSent, Rejected or Unclear otherwise."""
        message = EmailMessage(
            words.subject, words.body, settings.DEFAULT_FROM_EMAIL, [address],
            headers={
                "Message-ID": f"<{reference}@{settings.SITE['domain']}>",
                "Auto-Submitted": "auto-generated",
                **dict(words.headers),
            },
        )  # fmt: skip
        backend = self._open()
        try:
            taken = backend.send_messages([message])
        except Exception as error:
            problem = _judged(error, backend)
            self.close()
            # Without its cause: the text of the error may repeat the address and would end in a log.
            raise problem from None
        if taken != 1:
            self.close()
            raise Unclear("lost")

    def close(self) -> None:
        """End the connection; whatever happens to it now says nothing about the messages."""
        backend, self._backend = self._backend, None
        if backend is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                backend.close()

    def _open(self) -> BaseEmailBackend:
        if self._backend is None:
            backend = get_connection()
            try:
                backend.open()
            except smtplib.SMTPAuthenticationError:
                raise NotSent("login", down=True) from None
            except (smtplib.SMTPException, ssl.SSLError, OSError):
                raise NotSent("unreachable", down=True) from None
            self._backend = backend
        return self._backend


def _judged(error: Exception, backend: BaseEmailBackend) -> NotSent | Rejected | Unclear:
    """What an error says about the message. Only what is certain counts as not sent."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _by_code(next(iter(error.recipients.values()))[0], "recipient")
        case smtplib.SMTPSenderRefused():
            return NotSent("busy" if _temporary(error.smtp_code) else "sender", down=True)
        case smtplib.SMTPDataError():
            return _by_code(error.smtp_code, "content")
        case smtplib.SMTPNotSupportedError() | UnicodeError():
            return Rejected("unusable")
        case _:
            client = getattr(backend, "connection", None)
            untouched = isinstance(client, _Told) and not client.given
            return NotSent("unreachable", down=True) if untouched else Unclear("lost")


def _by_code(code: int, refused: str) -> NotSent | Rejected | Unclear:
    if _temporary(code):
        return NotSent("busy")
    return Rejected(refused) if 500 <= code < 600 else Unclear("lost")


def _temporary(code: int) -> bool:
    return 400 <= code < 500
