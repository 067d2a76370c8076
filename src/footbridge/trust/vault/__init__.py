"""Keys, compartments and sealed entries: what a person's journal is made of."""
