"""Guides against sequences in memory: the obvious way, the NumPy way and the compiled one, with one answer.

``alignment`` and ``hit`` hold the rule; ``twin`` applies it letter by letter; ``packed`` and ``compiled`` are fast;
``scanning`` chooses between them.
"""

__all__: list[str] = []
