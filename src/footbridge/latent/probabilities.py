"""Normal, chi-square and noncentral chi-square probabilities without scipy.

A model for continuous variables needs nothing else of scipy, whose import takes as long as a
quarter of a whole first fit; `scipy.special` is the twin that judges them.
"""

import math

_EPS = 1e-17


def normal_two_tailed(z: float) -> float:
    """Return P(|Z| > |z|); NaN of NaN.

    Examples
    --------
    >>> round(normal_two_tailed(1.959963984540054), 12)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2.0))


def normal_quantile(tail: float) -> float:
    """Return z with P(Z <= z) = tail to 5e-4 (Abramowitz and Stegun 1964, 26.2.23)."""
    t = math.sqrt(-2.0 * math.log(min(tail, 1.0 - tail)))
    top = 2.515517 + t * (0.802853 + t * 0.010328)
    z = t - top / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    return z if tail > 0.5 else -z


def poisson(a: float, mean: float) -> float:
    """Return mean^a exp(-mean) / Gamma(a + 1), for any a >= 0.

    Loader (2000), "Fast and accurate computation of binomial probabilities": the exponent is
    written as a deviance, so that large numbers do not cancel.
    """
    if mean <= 0.0:
        return 1.0 if a == 0.0 else 0.0
    if a < 20.0:
        return math.exp(a * math.log(mean) - mean - math.lgamma(a + 1.0))
    gap = (mean - a) / a
    deviance = a * (gap - math.log1p(gap))
    square = a * a
    stirling = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / a
    return math.exp(-deviance - stirling) / math.sqrt(2.0 * math.pi * a)


def _lower_gamma(a: float, y: float) -> float:
    """Return the regularised incomplete gamma function P(a, y) by its series; y < a + 1."""
    term = total = 1.0
    k = a
    while term > _EPS * total:
        k += 1.0
        term *= y / k
        total += term
    return poisson(a, y) * total


def _upper_gamma(a: float, y: float) -> float:
    """Return Q(a, y) = 1 - P(a, y) by its continued fraction (Lentz); y >= a + 1.

    Press et al. (2007), Numerical Recipes, 3rd edition, section 6.2.
    """
    b = y + 1.0 - a
    c, d = 1e300, 1.0 / b
    found = d
    for i in range(1, 100_000):
        step = -i * (i - a)
        b += 2.0
        d = 1.0 / (step * d + b)
        c = b + step / c
        found *= d * c
        if abs(d * c - 1.0) < 3e-16:
            break
    return poisson(a, y) * a * found


def chi_square_lower(x: float, df: float) -> float:
    """Return P(X <= x) of a chi-square variable."""
    if not 0.0 < x < math.inf or math.isnan(df):
        return math.nan if math.isnan(x) or math.isnan(df) else float(x > 0.0)
    a, y = 0.5 * df, 0.5 * x
    return _lower_gamma(a, y) if y < a + 1.0 else 1.0 - _upper_gamma(a, y)


def chi_square_upper(x: float, df: float) -> float:
    """Return P(X > x) of a chi-square variable.

    Examples
    --------
    >>> round(chi_square_upper(3.841458820694124, 1), 12)
    0.05
    """
    if not 0.0 < x < math.inf or math.isnan(df):
        return math.nan if math.isnan(x) or math.isnan(df) else float(x <= 0.0)
    a, y = 0.5 * df, 0.5 * x
    return 1.0 - _lower_gamma(a, y) if y < a + 1.0 else _upper_gamma(a, y)


def chi_square_quantile(tail: float, df: float) -> float:
    """Return the x with P(X > x) = tail, for a tail below one half, by Newton steps.

    They start at the cube of Wilson and Hilferty (1931), Proceedings of the National Academy of
    Sciences 17, 684-688.
    """
    z = -normal_quantile(tail)
    spread = 2.0 / (9.0 * df)
    x = df * max(1.0 - spread + z * math.sqrt(spread), 0.1) ** 3
    for _ in range(50):
        density = 0.25 * df * poisson(0.5 * df, 0.5 * x) / (0.5 * x)
        step = (chi_square_upper(x, df) - tail) / density
        x = max(x + step, 0.5 * x)
        if abs(step) < 1e-14 * x:
            break
    return x


def noncentral_lower(x: float, df: float, noncentrality: float) -> tuple[float, float]:
    """Return P(X <= x) of a noncentral chi-square variable and its slope in the noncentrality.

    A sum of chi-square probabilities with Poisson weights, summed from the largest weight to both
    sides (Johnson, Kotz and Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 29).
    Far in the lower tail the largest term, where y half / (j (a + j)) is 1, comes long before;
    the sum then starts a little above it, for the way down does not cancel.
    """
    a, y, half = 0.5 * float(df), 0.5 * float(x), 0.5 * float(noncentrality)
    peak = 0.5 * (math.sqrt(a * a + 4.0 * half * y) - a)
    middle = math.floor(min(half, peak + 4.0 * math.sqrt(peak + 1.0)))
    weight, below = poisson(middle, half), chi_square_lower(x, df + 2 * middle)
    density = poisson(a + middle, y)  # what one more degree of freedom in `a` takes away
    found, slope = weight * below, weight * density
    w, p, g, j = weight, below, density, middle
    while w * p > _EPS * found or w * g > _EPS * slope:
        p -= g
        j += 1
        w *= half / j
        g *= y / (a + j)
        found += w * p
        slope += w * g
    w, p, g, j = weight, below, density, middle
    while j > 0 and w * p > _EPS * found:
        g *= (a + j) / y
        p += g
        w *= j / half
        j -= 1
        found += w * p
        slope += w * g
    return found, -0.5 * slope


def noncentrality_at(x: float, df: float, tail: float) -> float:
    """Return the noncentrality at which P(X <= x) = tail, or 0 where there is none.

    Newton steps on the log odds of the probability, which are nearly a straight line; they start
    from the first three moments (Cornish and Fisher 1938, Revue de l'Institut International de
    Statistique 5, 307-320) and stay in a bracket.
    """
    if x <= 0.0 or chi_square_lower(x, df) < tail:
        return 0.0
    z, value = normal_quantile(tail), max(x - df, 0.01 * x)
    for _ in range(3):
        sd = math.sqrt(2.0 * df + 4.0 * value)
        skew = 8.0 * (df + 3.0 * value) / sd**3
        gap = x - df - value - sd * (z + (z * z - 1.0) * skew / 6.0)
        value = max(value + gap / max(1.0 + 2.0 * z / sd, 0.3), 0.01 * x)
    low, high, odds = 0.0, math.inf, math.log(tail / (1.0 - tail))
    for _ in range(100):
        at, slope = noncentral_lower(x, df, value)
        low, high = (value, high) if at > tail else (low, value)
        inside = 0.0 < at < 1.0 and slope < 0.0
        step = at * (1.0 - at) * (math.log(at / (1.0 - at)) - odds) / -slope if inside else math.inf
        if abs(step) < 1e-6 * value:  # the error that is left is of the order of its square
            return value + step
        fresh = value + step
        value = fresh if low < fresh < high else 0.5 * (low + min(high, 3.0 * value + 1.0))
    return value
