"""Reads the streams of an OLE compound file ([MS-CFB]): the container of XLS and of locked XLSX.

Belongs here: names and bytes of the streams. Not here: what they mean.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA  # greater values are marks, not sectors
_STREAM, _ROOT = 2, 5


class NotCompound(Exception):
    """The bytes are no whole compound file: cut off, damaged or something else."""


class CompoundFile:
    """A compound file opened for reading. Raises NotCompound when its structure is broken."""

    def __init__(self, file: BinaryIO) -> None:
        self._data = file.read()
        header = self._data[:512]
        if len(header) < 512 or header[:8] != _SIGNATURE:
            raise NotCompound("no compound file header")
        self._size = 1 << struct.unpack_from("<H", header, 30)[0]
        self._small = 1 << struct.unpack_from("<H", header, 32)[0]
        if self._size not in {512, 4096}:
            raise NotCompound("unknown sector size")
        directory, self._cutoff = struct.unpack_from("<I4xI", header, 48)
        small_table, _, extra, extra_count = struct.unpack_from("<4I", header, 60)
        self._table = self._fat(header, extra, extra_count)
        self._small_table = self._numbers(self._chain(small_table))
        self._entries = self._directory(self._chain(directory))

    def names(self) -> set[str]:
        """Names of the streams, those in storages too."""
        return {name for name, kind, _, _ in self._entries if kind == _STREAM}

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; KeyError when there is none of this name."""
        for found, kind, start, size in self._entries:
            if kind != _STREAM or found != name:
                continue
            data = self._small_chain(start) if size < self._cutoff else self._chain(start)
            if len(data) < size:
                raise NotCompound("a stream is cut off")
            return data[:size]
        raise KeyError(name)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise NotCompound("a sector lies behind the end of the file")
        return self._data[start : start + self._size]

    def _fat(self, header: bytes, extra: int, extra_count: int) -> list[int]:
        sectors = list(struct.unpack_from("<109I", header, 76))
        for _ in range(extra_count):
            if extra > _LAST_SECTOR:
                break
            numbers = self._numbers(self._sector(extra))
            sectors += numbers[:-1]
            extra = numbers[-1]
        table: list[int] = []
        for number in sectors:
            if number <= _LAST_SECTOR:
                table += self._numbers(self._sector(number))
        return table

    @staticmethod
    def _numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(n) for n in self._walk(start, self._table))

    def _small_chain(self, start: int) -> bytes:
        root = next(((s, n) for _, kind, s, n in self._entries if kind == _ROOT), (start, 0))
        store = self._chain(root[0])
        size = self._small
        numbers = self._walk(start, self._small_table)
        return b"".join(store[n * size : (n + 1) * size] for n in numbers)

    @staticmethod
    def _walk(start: int, table: list[int]) -> list[int]:
        chain: list[int] = []
        while start <= _LAST_SECTOR:
            if start >= len(table) or len(chain) > len(table):
                raise NotCompound("a chain of sectors is broken")
            chain.append(start)
            start = table[start]
        return chain

    def _directory(self, data: bytes) -> list[tuple[str, int, int, int]]:
        entries: list[tuple[str, int, int, int]] = []
        for at in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind and 2 <= length <= 64:
                name = data[at : at + length - 2].decode("utf-16-le", errors="replace")
                start, size = struct.unpack_from("<II", data, at + 116)
                entries.append((name, kind, start, size))
        return entries
