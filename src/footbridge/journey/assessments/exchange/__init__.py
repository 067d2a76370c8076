"""Instruments read from and written to the files that other tools use."""
