"""What a simulated edit becomes: one page, one file, or the lines of a terminal."""

__all__: list[str] = []
