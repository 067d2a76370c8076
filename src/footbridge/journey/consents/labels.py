"""Words for pages, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.consents.rules import AskAgain, Holder, Language, Level, Purpose

PURPOSES = {
    Purpose.CARE: _("Care"),
    Purpose.CONTACT: _("Contact"),
    Purpose.RESEARCH: _("Research"),
    Purpose.RECALL: _("Memory questions"),
    Purpose.RECOVERY: _("Recovery key"),
    Purpose.INTERVIEW: _("Interview"),
}

LEVELS = {
    Level.STOP_CONTACT: _("Stop contacting me"),
    Level.STOP_RESEARCH: _("Stop research with my answers"),
    Level.FORGET_ME: _("Forget me"),
}

HOLDERS = {
    Holder.CARE_TEAM: _("Your care team"),
    Holder.COORDINATORS: _("Coordinators of this site"),
    Holder.STUDY: _("The study team"),
    Holder.TWO_STAFF: _("Two workers together, with you present"),
    Holder.RECOVERY_KEY: _("Three keyholders together, if you ask"),
}

LANGUAGES = {
    Language.EN: _("English"),
    Language.ZH: _("Chinese"),
}

ASK_AGAIN = {
    AskAgain.NEVER_ASKED: _("Not asked yet"),
    AskAgain.EXPIRED: _("Ran out: ask again"),
    AskAgain.NEW_VERSION: _("The text has changed: ask again"),
    AskAgain.EXPIRES_SOON: _("Runs out soon"),
}

PARTS = {
    "what-for": _("What it is for"),
    "what-is-kept": _("What we keep"),
    "who-can-open": _("Who can open it"),
    "how-long": _("How long it lasts"),
    "limits": _("What we cannot promise"),
    "how-to-stop": _("How to stop"),
    "your-choice": _("Your choice"),
}
