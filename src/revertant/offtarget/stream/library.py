"""Library mode: up to a hundred thousand guides, every site written to a file as it is found.

No object is made for a site: the rows go from the kernels to the file as columns, one part of the genome at a
time, in genome order. What lies at a site, a person's variants and a report belong to
:func:`revertant.offtarget.nominate.nominate`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from revertant.genome import PatientGenome, Reference
from revertant.model import OffTargetRequest, Tally
from revertant.offtarget.search import check_requests
from revertant.offtarget.stream.row_files import row_file
from revertant.offtarget.stream.rows import COLUMNS, RowWriter
from revertant.offtarget.stream.streaming import SiteStream

__all__ = ["write_sites"]


def write_sites(
    requests: Sequence[OffTargetRequest],
    reference: Reference,
    path: Path | str,
    progress: Callable[[str, float], None] | None = None,
) -> Tally:
    """Write every site of many guides in a reference.

    Parameters
    ----------
    requests
        The guides, named by their spacers. What is a guide's own target, where it names one, is left out.
    reference
        The reference.
    path
        A ``.tsv``, or a ``.parquet`` where pyarrow is installed. It appears when it is whole.
    progress
        Called with a stage name and a share from 0 to 1.

    Returns
    -------
    Tally
        How many rows were written, and what was left out.

    Raises
    ------
    ProblemsError
        When guides make no sense.
    InputError
        For guides too long for the compiled search, or a file that cannot be written.
    """
    requests = tuple(requests)
    check_requests(requests)
    place, rows = Path(path), 0
    names = [request.spacer for request in requests]
    with row_file(place, COLUMNS) as file:
        if requests:
            stream = SiteStream(requests, PatientGenome(reference), progress)
            writer = RowWriter(names, requests, reference.windows, None, is_compiled=stream.is_compiled)
            for block in stream.ahead():
                rows += len(block)
                for lines in writer.rows(block):
                    file.write(lines)
    refused = [reason for ledger in stream.ledgers for reason in ledger.refused] if requests else []
    return Tally.of("sites found", kept=rows, refused=refused)
