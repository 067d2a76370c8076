"""From an offer to a first attendance and to staying."""
