"""The site table of a whole reference on disk: every place beside a PAM, as bits, mapped into memory.

``build`` makes it once for each reference and PAM; ``format`` says what its files hold and refuses any that are not
whole; ``table`` searches it; ``whole`` is the search of a reference with it.
"""

__all__: list[str] = []
