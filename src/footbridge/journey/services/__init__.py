"""The directory of services that people are linked to."""
