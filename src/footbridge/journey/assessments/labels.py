"""Words for pages, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.assessments.calendar import Mark

MARKS = {
    Mark.NOT_USED: _("Did not use"),
    Mark.USED: _("Used"),
    Mark.PROTECTED: _("In a hospital, a centre or detention"),
    Mark.NOT_KNOWN: _("Not known"),
}

VALIDATED = {
    True: _("Validated: see its source"),
    False: _("Not validated: use it to talk, not to judge"),
}
