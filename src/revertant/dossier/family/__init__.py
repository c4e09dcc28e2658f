"""The family's page: what was asked, found and not known, in plain words at a stated reading level."""

from revertant.dossier.family.page import family_html
from revertant.dossier.family.story import is_for_a_person

__all__ = ["family_html", "is_for_a_person"]
