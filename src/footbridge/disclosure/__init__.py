"""What may leave a small programme: hidden cells, rounding, audits, noise, safe microdata.

A library without Django: counts go in, what a reader may see comes out, and the attack
that a reader could mount on it is part of the library. Methods: docs/methods/disclosure.md.
"""
