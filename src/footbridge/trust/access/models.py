"""The tables of staff: sealed profiles, found by a keyed hash of the sign-in name."""

from __future__ import annotations

import uuid

from django.db import models


class Staff(models.Model):
    """Somebody who signs in; opening the private key IS signing in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True)
    profile = models.BinaryField()
    public_key = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    cost = models.CharField(max_length=40)
    sealed_private = models.BinaryField()
    sealed_totp = models.BinaryField()

    class Meta:
        app_label = "trust"


class Invitation(models.Model):
    """A one-time code that lets a colleague make their own keys."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()

    class Meta:
        app_label = "trust"
