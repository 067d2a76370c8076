"""Every table of the journey floor, gathered where Django looks for them."""

from footbridge.journey.assessments.models import LoadedInstrument
from footbridge.journey.reminders.models import CalendarFeed
from footbridge.journey.services.models import DirectoryFile

__all__ = ["CalendarFeed", "DirectoryFile", "LoadedInstrument"]
