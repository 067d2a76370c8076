"""Words for why somebody stands on Today, with their icon and tone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.desk.rules import Pressing

PRESSING = {
    Pressing.EVENT: (_("Adverse event under way"), "danger", "danger"),
    Pressing.RECOGNISED: (_("Came back, needs a new phrase"), "people", "caution"),
    Pressing.IN_NEED: (_("In need"), "caution", "caution"),
    Pressing.AFTER_STAY: (_("Follow-up after a stay"), "bed", "caution"),
    Pressing.OVERDUE: (_("Check-up overdue"), "late", "caution"),
    Pressing.DUE: (_("Check-up due"), "clock", "info"),
    Pressing.CONSENT_ENDS: (_("Consent runs out soon"), "paper", "info"),
    Pressing.NO_CHECKUP: (_("No check-up planned yet"), "info", "info"),
    Pressing.REMEMBERED: (_("Has died"), "person", "plain"),
    Pressing.LATER: (_("Nothing due"), "done", "plain"),
}
