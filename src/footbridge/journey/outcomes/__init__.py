"""Outcomes coded from the journal, for the research compartment."""
