"""Recovery management check-ups: due, held, in need, next."""
