"""What lies at a site, and what a cut or a base edit would do there.

``annotation`` is the rule for one site, ``index`` the same for millions; ``base_edits`` and ``translocations`` say
what an editor or a pair of cuts could leave behind.
"""

__all__: list[str] = []
