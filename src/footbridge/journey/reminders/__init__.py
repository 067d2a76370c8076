"""The reminders room: a calendar that a worker's phone may read, and that tells nobody anything."""
