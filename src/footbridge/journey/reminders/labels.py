"""The words of the calendar, in English and Chinese: nothing that says what a visit is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from footbridge.journey.reminders.rules import Style, Word

WORDS = {
    Word.VISITS: _("Visits"),
    Word.MEETINGS: _("Meetings"),
    Word.CALLS: _("Calls"),
}


def title(style: Style, visits: int) -> str:
    """Return what the calendar writes into a week."""
    if not style.counted:
        return str(WORDS[style.word])
    match style.word:
        case Word.VISITS:
            words = ngettext("%(n)d visit", "%(n)d visits", visits)
        case Word.MEETINGS:
            words = ngettext("%(n)d meeting", "%(n)d meetings", visits)
        case Word.CALLS:
            words = ngettext("%(n)d call", "%(n)d calls", visits)
    return words % {"n": visits}
