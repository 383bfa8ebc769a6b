"""Importers of official files: streamed, copied in full, or refused in one sentence."""
