"""The decorator of every kernel: compiled without the interpreter lock, kept on disk.

Numba's own files on disk fail a search engine in two ways. What a kernel calls in another file may change without
its notice; here the sources of all kernels are one stamp. And it keeps a list of numbered files beside each
function: two processes that compile at the same time for different types take the same number, and from then on
each loads what the other one compiled. Here a file is named by what is in it, says so inside, and is checked.
"""

from __future__ import annotations

import hashlib
import pickle
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import IndexDataCacheFile
from numba.core.ccallback import CFunc

__all__ = ["KeptKernels", "c_function", "kernel", "sources_stamp"]


@lru_cache(maxsize=1)
def sources_stamp() -> str:
    """Digest of the source files of all kernels."""
    sources = [path for path in files(__package__).iterdir() if path.name.endswith(".py")]
    digest = hashlib.sha256()
    for path in sorted(sources, key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class KeptKernels(IndexDataCacheFile):  # type: ignore[misc]
    """Compiled forms of one function on disk, a file for each: digest, then the key and the code.

    Processes may write at the same time: what has the same name has the same content. A file that is damaged or
    of another key is as good as none.
    """

    def __init__(self, cache_path: str, filename_base: str, own_stamp: object = None) -> None:
        stamp = hashlib.sha256(repr((own_stamp, sources_stamp())).encode()).hexdigest()
        super().__init__(cache_path, filename_base, stamp)
        self._base = filename_base

    def flush(self) -> None:
        """Remove every form of this function."""
        for path in self._kept():
            path.unlink(missing_ok=True)

    def save(self, key: Any, data: Any) -> None:
        """Keep what was compiled for ``key``; forms of other sources of this function go."""
        payload: bytes = self._dump((self._text(key), data))
        # Where the disk is full or the folder closed the search goes on, and the next one compiles again.
        with suppress(OSError):
            for path in self._kept():
                if not path.name.startswith(self._own):
                    path.unlink(missing_ok=True)
            with self._open_for_write(self._data_path(self._name(key))) as file:
                file.write(hashlib.sha256(payload).digest() + payload)

    def load(self, key: Any) -> Any:
        """Return what was kept for ``key``, ``None`` without a whole file of it."""
        with suppress(OSError):
            content = Path(self._data_path(self._name(key))).read_bytes()
            if hashlib.sha256(content[32:]).digest() == content[:32]:
                text, data = pickle.loads(content[32:])  # noqa: S301 - Numba's own form, in the program's folder
                if text == self._text(key):
                    return data
        return None

    @property
    def _own(self) -> str:
        return f"{self._base}.{self._source_stamp[:16]}."

    def _text(self, key: Any) -> str:
        return repr((self._version, self._source_stamp, key))

    def _name(self, key: Any) -> str:
        return f"{self._own}{hashlib.sha256(self._text(key).encode()).hexdigest()[:32]}.nbc"

    def _kept(self) -> list[Path]:
        return [
            path for path in Path(self._cache_path).glob("*.nbc") if path.name.startswith(f"{self._base}.")
        ]


def kernel(function: Any) -> Any:
    """Compile a function when it is first called, or take it from the disk."""
    compiled = njit(nogil=True)(function)
    _keep(compiled)
    return compiled


def c_function(signature: Any, function: Any) -> Any:
    """Compile a function that C code may call, or take it from the disk; it has an ``address``."""
    # What ``numba.cfunc`` does, with the files set before the disk is looked at.
    made = CFunc(function, (signature.args, signature.return_type), {}, {"nopython": True})
    _keep(made)
    made.compile()
    return made


def _keep(compiled: Any) -> None:
    try:
        compiled.enable_caching()
    except RuntimeError:
        # Numba found no folder to write to: a program installed by another user, and a user without a home.
        return
    # Numba has no public way to say how a function is kept; a test notices when it renames one of these.
    cache = compiled._cache  # noqa: SLF001
    own_stamp = cache._impl.locator.get_source_stamp()  # noqa: SLF001
    cache._cache_file = KeptKernels(cache._cache_path, cache._impl.filename_base, own_stamp)  # noqa: SLF001
