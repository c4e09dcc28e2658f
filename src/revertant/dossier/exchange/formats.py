"""What each file of a dossier is to a machine: its media type, its format and the specification it keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

__all__ = ["EDAM", "FileFormat", "format_of"]

#: Where the terms of the ontology of data formats begin.
EDAM = "http://edamontology.org/format_"
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class FileFormat:
    """The format of a file.

    Parameters
    ----------
    media_type
        As registered at IANA; plain text where the format has none.
    edam
        Its term in EDAM, the ontology of data formats (https://edamontology.org); empty where it was not looked up.
    specification
        What the file keeps to, as an address; empty where there is nothing to name.
    """

    media_type: str
    edam: str = ""
    specification: str = ""

    @property
    def edam_name(self) -> str:
        """The term's name in EDAM."""
        return _EDAM_NAMES.get(self.edam.removeprefix(EDAM), "")


_EDAM_NAMES = {"1929": "FASTA", "1936": "GenBank format", "3003": "BED", "3016": "VCF", "3475": "TSV"}


#: By the end of the name. EDAM terms as used by the tools of the field for these formats.
_BY_ENDING = {
    ".html": FileFormat("text/html"),
    ".css": FileFormat("text/css"),
    ".md": FileFormat("text/markdown"),
    ".txt": FileFormat("text/plain"),
    ".csv": FileFormat("text/csv"),
    ".pdf": FileFormat("application/pdf"),
    ".svg": FileFormat("image/svg+xml"),
    ".docx": FileFormat(f"{_OFFICE}wordprocessingml.document"),
    ".xlsx": FileFormat(f"{_OFFICE}spreadsheetml.sheet"),
    ".json": FileFormat("application/json"),
    ".yaml": FileFormat("application/yaml"),
    ".yml": FileFormat("application/yaml"),
    ".tsv": FileFormat("text/tab-separated-values", f"{EDAM}3475"),
    ".bed": FileFormat("text/plain", f"{EDAM}3003", "https://samtools.github.io/hts-specs/BEDv1.pdf"),
    ".vcf": FileFormat("text/plain", f"{EDAM}3016", "https://samtools.github.io/hts-specs/VCFv4.3.pdf"),
    ".fa": FileFormat("text/plain", f"{EDAM}1929"),
    ".faa": FileFormat("text/plain", f"{EDAM}1929"),
    ".gb": FileFormat("text/plain", f"{EDAM}1936"),
    ".gz": FileFormat("application/gzip"),
    ".zip": FileFormat("application/zip"),
}
_BY_NAME = {
    "plan.json": FileFormat(
        "application/json", specification="https://revertant.github.io/revertant/schema/plan.schema.json"
    ),
    "phenopacket.json": FileFormat(
        "application/json", specification="https://phenopacket-schema.readthedocs.io/en/2.0.0/"
    ),
    "fhir.json": FileFormat(
        "application/fhir+json", specification="http://hl7.org/fhir/uv/genomics-reporting/STU3/"
    ),
    "prov.json": FileFormat(
        "application/json", specification="https://www.w3.org/submissions/2013/SUBM-prov-json-20130424/"
    ),
    "ro-crate-metadata.json": FileFormat(
        "application/ld+json", specification="https://w3id.org/ro/crate/1.1"
    ),
}
_OTHER = FileFormat("application/octet-stream")


def format_of(name: str) -> FileFormat:
    """Return the format of a file by its name.

    Parameters
    ----------
    name
        Name within the dossier, with its folder.

    Examples
    --------
    >>> format_of("plan.json").specification.rsplit("/", 1)[-1], format_of("constructs/a.gb").edam[-4:]
    ('plan.schema.json', '1936')
    """
    path = PurePosixPath(name)
    return _BY_NAME.get(name) or _BY_ENDING.get(path.suffix.lower(), _OTHER)
