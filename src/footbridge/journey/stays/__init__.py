"""Stays: beds, prepaid days, withdrawal watched, doses recorded, and the way out made safe."""
