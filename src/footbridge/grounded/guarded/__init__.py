"""Guarded doors for files from strangers: archives and XML."""
