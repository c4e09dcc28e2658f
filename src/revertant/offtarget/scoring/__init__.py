"""Scores of a site and of a guide, each only where it is defined, and the tiers made from them."""

__all__: list[str] = []
