"""Research extracts: asked by one, agreed to by another, made safe, sealed to a recipient."""
