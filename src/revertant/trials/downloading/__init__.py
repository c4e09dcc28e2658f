"""Trials from the registry itself, for those who have a network: only what changed, resumable, polite.

The one idea: **a page and the place where to go on are written together**. The questions hold the user's own filter and
a date, and nothing of any patient.
"""

from revertant.trials.downloading.client import PoliteClient
from revertant.trials.downloading.sync import REGISTRY, RegistryFilter, SyncReport, sync_trials

__all__ = ["REGISTRY", "PoliteClient", "RegistryFilter", "SyncReport", "sync_trials"]
