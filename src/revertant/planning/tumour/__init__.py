"""The line of a tumour: what to attack, with which receptors, in which cells; one plan at the end."""

__all__: list[str] = []
