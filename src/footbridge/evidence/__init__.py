"""Extracts, comparisons and plots: the only bridge from records to statistics."""
