"""Pictures: pure functions from values to SVG text, on one canvas and with one set of flags.

No plotting library: a drawing is text that a report embeds, the same bytes for the same plan.
"""

__all__: list[str] = []
