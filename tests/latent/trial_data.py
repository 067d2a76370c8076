"""A small trial, the same on every machine: integers only, so that a csv holds it exactly."""

from footbridge import latent

POPULATION = """
f =~ 0.8*a + 0.7*b + 0.7*c + 0.6*d
f ~ 0.5*arm
out ~ 0.6*f + 0.1*arm
f ~~ 1*f
arm ~~ 0.25*arm
"""
MODEL = """
f =~ a + b + c + d
f ~ p*arm
out ~ q*f + r*arm
indirect := p*q
"""
ORDERED = ["a", "b", "c", "d", "out"]


def trial(n=300):
    """Indicators 0 to 4, an outcome 0 to 4, an arm 0 or 1."""
    steps = [-1.2, -0.4, 0.4, 1.2]
    cuts = dict.fromkeys(ORDERED, steps) | {"arm": [0.0]}
    return latent.simulate(POPULATION, n, seed=2, cuts=cuts)
