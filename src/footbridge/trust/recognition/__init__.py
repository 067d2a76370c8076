"""Recognising somebody who comes back, without knowing who they are."""
