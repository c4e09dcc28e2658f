"""Personalised gene therapy: one patient in, one review-ready plan out.

Users import rooms (``from revertant import model, genome, planning``). The way through the house is a
straight line of pure functions over frozen values::

    case -> gate -> targets -> strategies -> designs -> assessments -> ranking -> plan -> dossier

Nothing heavy is imported here, so that ``import revertant`` stays fast.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
