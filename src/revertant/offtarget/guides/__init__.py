"""What was asked: reading lists of guides, and what each is meant for."""

__all__: list[str] = []
