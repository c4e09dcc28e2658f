"""The validation panel: which sites to sequence, with primers on the person's own copies, and what it covers."""

__all__: list[str] = []
