"""One key, one effector: what a design names may be a nuclease, or an editor that stands on one."""

from __future__ import annotations

from revertant.knowledge.editors import editors
from revertant.knowledge.epigenome_editors import epigenome_editors
from revertant.knowledge.nucleases import Nuclease, nucleases
from revertant.knowledge.prime_editors import prime_editors

__all__ = ["nuclease_behind"]


def nuclease_behind(effector: str) -> Nuclease | None:
    """Return the nuclease with this key, or the one an editor with this key stands on.

    Parameters
    ----------
    effector
        Key of a nuclease, a base editor, a prime editor or an epigenome editor.

    Returns
    -------
    Nuclease or None
        ``None`` for a key that no catalogue has: another package may bring its own effectors.

    Examples
    --------
    >>> nuclease_behind("pe2").name, nuclease_behind("abe8e_spry").key, nuclease_behind("sacas9").key
    ('SpCas9', 'spry', 'sacas9')
    """
    editor = editors().get(effector) or prime_editors().get(effector) or epigenome_editors().get(effector)
    return nucleases().get(editor.nuclease if editor else effector)
