"""How the models of :mod:`revertant.prediction` were trained, one script for each.

Run them from the root of the project, with ``pip install -e ".[training]"``::

    python -m training.on_target

Each reads the published data from ``../shared/data`` (or ``REVERTANT_TEST_DATA``), writes the weights and the
card into the package and prints its table. Rows are sorted, seeds fixed and one thread used, so that a second
run on the same machine writes the same bytes. No data set is copied into the package.
"""
