"""The tables of the vault: ciphertext, random ids and as little else as will work.

Nothing here tells a name, a moment or an order of enrolment. What a row's neighbours
might tell (the kind of a compartment, the purpose of a circle) is sealed as well.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Site(models.Model):
    """The one site of this installation: what is public about its keys."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    check_value = models.BinaryField()
    signing_public = models.BinaryField()
    backup_public = models.BinaryField()
    recovery_public = models.BinaryField(null=True)
    invented = models.BooleanField(default=False)  # a demo: every page says so
    trail_lock = models.PositiveBigIntegerField(default=0)
    trail_signature = models.BinaryField(max_length=64, default=bytes)

    class Meta:
        app_label = "trust"


class Person(models.Model):
    """The shell of one person: sealed under the site key, found by a keyed hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True)
    shell = models.BinaryField()
    public_key = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    cost = models.CharField(max_length=40)
    sealed_private = models.BinaryField()
    sealed_log_key = models.BinaryField()

    class Meta:
        app_label = "trust"


class Compartment(models.Model):
    """One keyed section of a person's record; its kind is sealed in `head`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="compartments")
    slot = models.BinaryField(max_length=16, unique=True)
    head = models.BinaryField()
    length = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "trust"


class Entry(models.Model):
    """One sealed record of a journal; written once, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compartment = models.ForeignKey(Compartment, on_delete=models.CASCADE, related_name="entries")
    sequence = models.PositiveIntegerField()
    head = models.BinaryField()
    body = models.BinaryField()

    class Meta:
        app_label = "trust"
        constraints = [
            models.UniqueConstraint(fields=["compartment", "sequence"], name="entry_sequence"),
        ]


class Circle(models.Model):
    """A duty that several staff share, as a key pair; its purpose is sealed in `head`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_key = models.BinaryField(max_length=32)
    head = models.BinaryField()

    class Meta:
        app_label = "trust"


class Wrap(models.Model):
    """A key sealed to one holder, under the site key and the epoch of its month.

    Of a compartment (its key), or of a circle (its private key, or a share of it).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compartment = models.ForeignKey(
        Compartment, on_delete=models.CASCADE, null=True, related_name="wraps"
    )
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, null=True, related_name="wraps")
    holder = models.UUIDField()
    epoch = models.CharField(max_length=16, db_index=True)
    sealed = models.BinaryField()

    class Meta:
        app_label = "trust"
        constraints = [
            models.CheckConstraint(
                condition=Q(compartment__isnull=False, circle__isnull=True)
                | Q(compartment__isnull=True, circle__isnull=False),
                name="wrap_of_one_thing",
            ),
            models.UniqueConstraint(fields=["compartment", "holder"], name="wrap_per_holder"),
            models.UniqueConstraint(fields=["circle", "holder"], name="seal_per_member"),
        ]
        indexes = [models.Index(fields=["holder"])]


class LetterBox(models.Model):
    """Where somebody outside leaves coded words with a one-time code; tied to no person.

    `lookup` is empty after a restore; what the box is about is sealed in `head`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True, null=True)
    head = models.BinaryField()

    class Meta:
        app_label = "trust"


class Letter(models.Model):
    """One letter in a box, sealed to whoever opens the record that the box belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    box = models.ForeignKey(LetterBox, on_delete=models.CASCADE, related_name="letters")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        app_label = "trust"
        constraints = [
            models.UniqueConstraint(fields=["box", "number"], name="letter_number"),
        ]


class Spent(models.Model):
    """Something that works once and was used: a keyed hash of it, until its last day is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True)
    head = models.BinaryField()

    class Meta:
        app_label = "trust"


class Tombstone(models.Model):
    """The random id of somebody who was forgotten: what a restore must not bring back."""

    person = models.UUIDField(primary_key=True)

    class Meta:
        app_label = "trust"
