"""Sites as they come: reference and person together, in blocks of columns, to rows on disk and to a summary.

``streaming`` joins the sources; ``summary`` counts all and holds the worst; ``rows`` writes; ``report`` turns a site
into an object.
"""

__all__: list[str] = []
