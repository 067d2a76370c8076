"""Fit indices, one file each; `collect` puts them under lavaan's names."""
