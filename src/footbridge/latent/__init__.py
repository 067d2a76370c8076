"""Latent variable models in lavaan's syntax."""
