"""The same sites in a phased panel: which exist in whom, by population, as haplotypes."""

__all__: list[str] = []
