"""How official files come in: read as a stream, copied whole, or refused in one sentence."""
