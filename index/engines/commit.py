"""The pointer to what is committed: one small file, replaced in one step.

``current`` names the files of the committed state with their sizes and checksums. A crash at any
moment leaves the old pointer or the new one; files that no pointer names are rubbish and are cleaned.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexDamaged, IndexNotFound, SearchError

POINTER = "current"
_CHUNK = 1 << 20
_BUILD = "请运行: python run_bot.py build-index"


@dataclass(frozen=True, slots=True)
class Commit:
    """One committed state of the index."""

    fingerprint: str
    """Of schema, analysis and settings: an index made otherwise is not used."""
    generation: int
    files: dict[str, tuple[int, int]]
    """File name → size and checksum."""


def read_commit(directory: Path) -> Commit:
    """The committed state, its files there with the right sizes.

    Raises:
        IndexNotFound: nothing has been committed here.
        IndexDamaged: the pointer cannot be read, or a file is missing or of another size.
    """
    try:
        found = json.loads((directory / POINTER).read_bytes())
        files = {name: (int(size), int(crc)) for name, (size, crc) in found["files"].items()}
        commit = Commit(str(found["fingerprint"]), int(found["generation"]), files)
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise IndexNotFound(f"{directory} 里没有索引。{_BUILD}") from exc
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise IndexDamaged(f"索引指针文件 {directory / POINTER} 已损坏。{_BUILD}") from exc
    for name, (size, _) in commit.files.items():
        path = directory / name
        if not path.is_file() or path.stat().st_size != size:
            raise IndexDamaged(f"索引文件 {path} 缺失或不完整。{_BUILD}")
    return commit


def verify_contents(directory: Path, commit: Commit) -> None:
    """Raise IndexDamaged where a file's bytes are not those that were written."""
    for name, (_, crc) in commit.files.items():
        if _checksum(directory / name) != crc:
            raise IndexDamaged(f"索引文件 {directory / name} 内容已损坏。{_BUILD}")


def write_commit(
    directory: Path, fingerprint: str, generation: int, old: Commit | None, names: list[str]
) -> Commit:
    """Put ``names`` safely on the disk, then make them the committed state."""
    files = {}
    for name in names:
        known = old.files.get(name) if old else None
        if known is None:
            _sync(directory / name)
            known = ((directory / name).stat().st_size, _checksum(directory / name))
        files[name] = known
    commit = Commit(fingerprint, generation, files)
    new = directory / f"{POINTER}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump({"fingerprint": fingerprint, "generation": generation, "files": files}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(directory / POINTER)
    _sync_directory(directory)
    return commit


def pointer_stamp(pointer: Path) -> tuple[int, int, int] | None:
    """Changes whenever somebody commits; None where no pointer is. Costs one look at the file system."""
    try:
        found = pointer.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


@contextlib.contextmanager
def damage_reported(directory: Path) -> Iterator[None]:
    """Whatever reading broken files raises, as IndexDamaged."""
    try:
        yield
    except SearchError:
        raise
    except Exception as exc:
        raise IndexDamaged(f"{directory} 里的索引文件缺失或已损坏。{_BUILD}") from exc


def remove_leftovers(directory: Path, prefix: str, commit: Commit) -> None:
    """Remove what earlier commits and killed writers left. A file that is in use stays till next time."""
    for path in directory.iterdir():
        ours = path.name.startswith((f"{prefix}_", f"_{prefix}_", f"{prefix}."))
        if ours and path.name not in commit.files:
            with contextlib.suppress(OSError):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def _checksum(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
    return crc


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_directory(directory: Path) -> None:
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError:  # Windows cannot open a directory; its rename is durable by itself
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
