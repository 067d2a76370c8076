"""Instruments as data, sittings and scores."""
