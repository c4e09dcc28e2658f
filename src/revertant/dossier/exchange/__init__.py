"""The dossier for other machines: phenopacket, FHIR, VCF and BED, provenance, and the crate that holds it all.

The one idea: each standard is written from the same plan, says no more than the plan says, and can be read back by the
library that the standard's own people keep.
"""

__all__: list[str] = []
