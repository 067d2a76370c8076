"""Every table of the journey floor, gathered where Django looks for them."""

from footbridge.journey.assessments.models import LoadedInstrument
from footbridge.journey.reminders.models import CalendarFeed
from footbridge.journey.services.models import DirectoryFile
from footbridge.journey.stays.models import WardBed, WardRoom, WardSetting

__all__ = [
    "CalendarFeed",
    "DirectoryFile",
    "LoadedInstrument",
    "WardBed",
    "WardRoom",
    "WardSetting",
]
