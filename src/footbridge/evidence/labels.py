"""What pages call a study's outcomes, and the tests behind its p-values."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OUTCOMES: Mapping[str, Promise] = {
    "returned": _("Sent back to compulsory rehabilitation"),
    "methadone": _("In methadone maintenance"),
    "employed": _("In paid work"),
    "urine": _("Urine test positive"),
}

TESTS: Mapping[str, Promise] = {
    "Fisher exact test": _("Fisher's exact test"),
}

PUBLISHED_TESTS: Mapping[str, Promise] = {
    "chi-square without continuity correction": _("chi-square without continuity correction"),
    "Fisher's exact test, one-sided": _("Fisher's exact test, one-sided"),
    "not stated": _("not stated"),
}
