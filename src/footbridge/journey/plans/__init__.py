"""Strengths, goals in the person's words, objectives."""
