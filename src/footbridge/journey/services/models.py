"""The directory in the database: the HSDS files themselves, as they were accepted."""

from __future__ import annotations

from django.db import models


class DirectoryFile(models.Model):
    """One table of the directory as a CSV file of the standard; nothing here is secret."""

    name = models.CharField(max_length=80, primary_key=True)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "journey"
