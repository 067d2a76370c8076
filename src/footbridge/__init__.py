"""Footbridge: a person can be known here, and no record anywhere says who they are."""

__version__ = "0.1.0"
