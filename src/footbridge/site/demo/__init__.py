"""The demonstration: a reconstruction of the published pilot with invented people."""
