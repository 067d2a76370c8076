"""Recognise or enrol a person; transfer; start again; forget."""
