"""The decorator of every kernel: compiled without the interpreter lock, kept on disk.

Numba throws away what it kept when the file of a kernel changes, but not when an intrinsic or a kernel of another
file does that went into it. Here the sources of all kernels are one stamp.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from numba import njit
from numba.core.ccallback import CFunc

__all__ = ["c_function", "kernel", "sources_stamp"]


@lru_cache(maxsize=1)
def sources_stamp() -> str:
    """Digest of the source files of all kernels."""
    sources = [
        path
        for path in files(__package__).iterdir()
        if path.name.startswith("kernels") and path.name.endswith(".py")
    ]
    digest = hashlib.sha256()
    for path in sorted(sources, key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def kernel(function: Any) -> Any:
    """Compile a function when it is first called, or take it from the disk."""
    compiled = njit(cache=True, nogil=True)(function)
    _stamp(compiled)
    return compiled


def c_function(signature: Any, function: Any) -> Any:
    """Compile a function that C code may call, or take it from the disk; it has an ``address``."""
    # What ``numba.cfunc`` does, with the stamp set before the disk is looked at.
    made = CFunc(function, (signature.args, signature.return_type), {}, {"nopython": True})
    made.enable_caching()
    _stamp(made)
    made.compile()
    return made


def _stamp(compiled: Any) -> None:
    # Numba has no public way to say what else a function is made of; a test notices when it renames this one.
    kept = compiled._cache._cache_file  # noqa: SLF001
    kept._source_stamp = (kept._source_stamp, sources_stamp())  # noqa: SLF001
