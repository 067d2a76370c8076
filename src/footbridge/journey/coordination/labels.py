"""Words for the steps of the cascade and the reasons for supervision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.coordination.cascade import Step
from footbridge.journey.coordination.rules import Concern

STEPS = {
    Step.CHECKED_UP: _("Checked up"),
    Step.TALKED_OVER: _("Talked over with the person"),
    Step.IN_NEED: _("In need"),
    Step.AGREED: _("Agreed to go"),
    Step.SHOWED: _("Showed: first attendance"),
    Step.STAYED: _("Stayed 14 days or more"),
}
CONCERNS = {
    Concern.ALERT: (_("Adverse event open"), "caution", "danger"),
    Concern.IN_NEED_WAITING: (_("In need, not linked after 14 days"), "caution", "caution"),
    Concern.NOT_FOUND: (_("More than 22 attempts to reach them"), "late", "caution"),
    Concern.OVERDUE: (_("Check-up overdue"), "late", "caution"),
    Concern.UNSEEN: (_("Not seen for a quarter"), "clock", "caution"),
    Concern.CONSENT_ENDS: (_("Consent runs out soon"), "paper", "info"),
    Concern.NO_CHECKUP: (_("No check-up planned yet"), "info", "info"),
}
