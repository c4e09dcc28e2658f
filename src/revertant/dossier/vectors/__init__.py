"""A construct for people and for other programs: GenBank, tables, maps in words."""

__all__: list[str] = []
