"""Recovery careers under a drug register, and what would change them.

A library without Django: parameters and targets are data files, one compiled kernel and its
plain twin move people, scenarios are small TOML files, and every answer comes with its band,
its drivers and the targets the model misses. Start with `scenarios.read`, `run.simulate`,
`analysis.compare` and `fit.table`.
"""
