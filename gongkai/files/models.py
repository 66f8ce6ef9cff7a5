"""Files by digest. A row here makes nothing public: a file is public only through a release."""

from django.db import models


class Blob(models.Model):
    """One file's bytes, kept once under their SHA-256 digest."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]
