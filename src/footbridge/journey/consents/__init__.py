"""What a person agreed to, aloud, and the key that each agreement is."""
