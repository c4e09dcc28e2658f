"""What one person's variants do to sites: gained, changed, lost, each with its variants and copies.

``delta`` finds the clusters of variants and the windows each copy has there; ``comparison`` holds a window against
the reference; ``patient`` joins the copies; ``delta_table`` leaves out, compiled, the clusters that change nothing.
"""

__all__: list[str] = []
