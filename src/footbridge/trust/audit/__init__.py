"""The hash-chained trail of what was done, and its head for an outside witness."""
