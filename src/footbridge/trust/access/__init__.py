"""Staff, roles, circles and care teams: who may do what, always with a reason."""
