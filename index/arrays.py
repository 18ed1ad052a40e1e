"""Arrays that grow in a file, row by row, without ever being whole in memory; numpy opens what is left as its own."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

_STEP = 1 << 20  # bytes read at once where the system does not copy between files by itself
_CANNOT = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}  # how it says that it does not


def map_array(path: Path) -> NDArray[Any]:
    """Return the array in a .npy file, mapped into memory.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no array, or too little of one.
    """
    # As a plain array: picking from numpy's own class for mapped files takes several times as long.
    return np.asarray(np.lib.format.open_memmap(path, mode="r"))


class ArrayFile:
    """An array in a .npy file that rows are added to at its end.

    Attributes:
        rows: How many it has.
    """

    def __init__(self, path: Path, dtype: DTypeLike, inner: tuple[int, ...] = ()) -> None:
        """Begin an empty array.

        Args:
            path: Must not exist yet.
            dtype: Of its values.
            inner: The shape of one row.
        """
        self.rows = 0
        self._dtype = np.dtype(dtype)
        self._inner = inner
        self._row_bytes = self._dtype.itemsize * int(np.prod(inner, dtype=np.int64))
        self._file = path.open("x+b")
        self._write_header()
        self._begin = self._file.tell()

    def __enter__(self) -> ArrayFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, rows: NDArray[Any]) -> None:
        """Add (k, *inner) rows."""
        if len(rows):
            self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).data)
            self.rows += len(rows)

    def copy(self, source: Path, first: int, end: int) -> None:
        """Add rows `first` to `end` of another file of such an array, from disk to disk.

        Raises:
            ValueError: It is of another kind or too short.
        """
        with source.open("rb") as file:
            place = self._begin_of(file, end) + first * self._row_bytes
            left = (end - first) * self._row_bytes
            while left:
                copied = self._copy(file, place, left)
                if not copied:
                    raise ValueError(f"{source} ends too early")
                left, place = left - copied, place + copied
        self.rows += end - first

    def read(self, first: int, end: int) -> NDArray[Any]:
        """Return rows that have been added."""
        self._file.flush()
        place, size = self._begin + first * self._row_bytes, (end - first) * self._row_bytes
        self._file.seek(place)
        found = np.frombuffer(self._file.read(size), dtype=self._dtype).reshape(-1, *self._inner)
        self._file.seek(0, os.SEEK_END)
        return found

    def close(self) -> None:
        """Write down how many rows there are, and close the file."""
        if not self._file.closed:
            try:
                self._file.seek(0)
                self._write_header()  # numpy leaves room for the number to grow
            finally:
                self._file.close()

    def _copy(self, source: BinaryIO, place: int, count: int) -> int:
        """Copy bytes from a place in another file to the end of this one, and return how many were copied."""
        if hasattr(os, "copy_file_range"):
            end = self._file.seek(0, os.SEEK_END)
            try:
                return os.copy_file_range(source.fileno(), self._file.fileno(), count, place, end)
            except OSError as error:
                if error.errno not in _CANNOT:
                    raise
            finally:
                self._file.seek(0, os.SEEK_END)
        source.seek(place)
        return self._file.write(source.read(min(count, _STEP)))

    def _write_header(self) -> None:
        kind, shape = np.lib.format.dtype_to_descr(self._dtype), (self.rows, *self._inner)
        np.lib.format.write_array_header_1_0(self._file, {"descr": kind, "fortran_order": False, "shape": shape})

    def _begin_of(self, file: BinaryIO, end: int) -> int:
        """Return where the values of another such file begin."""
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError(f"{file.name} is of another format")
        shape, by_column, dtype = np.lib.format.read_array_header_1_0(file)
        if by_column or dtype != self._dtype or tuple(shape[1:]) != self._inner or shape[0] < end:
            raise ValueError(f"{file.name} holds other values")
        return int(file.tell())
