"""Who the patient is: a phenopacket or a case file becomes a :class:`~revertant.model.Case`.

The one idea: **a reader shows every problem at once, and guesses nothing**. A phenopacket is read through the
GA4GH library; a ``case.yaml`` adds what phenopackets have no place for. Where both speak they must agree.
What is left out, a rejected variant or one without coordinates, is counted and said.
"""

from revertant.patient.fields import case_fields
from revertant.patient.reading import paths_named, phenopacket_of, read_case

__all__ = ["case_fields", "paths_named", "phenopacket_of", "read_case"]
