"""The engine on one machine: Whoosh keeps the index, NumPy scores it.

Whoosh's segments, postings, columns and table of contents are used through its codec; its writer (which
sorts every posting in Python) and its collectors (slow, and able to loop for ever on equal scores) are
not. This is the only file that knows Whoosh. It uses private names of it, so the version is pinned and
tests compare the scores with Whoosh's own.
"""

from __future__ import annotations

import contextlib
import hashlib
import struct
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np

# Whoosh has no type information.
from whoosh import __version__ as whoosh_version  # type: ignore[import-untyped]
from whoosh import columns, fields
from whoosh import index as whoosh_index
from whoosh.codec import whoosh3  # type: ignore[import-untyped]
from whoosh.filedb import filetables  # type: ignore[import-untyped]
from whoosh.filedb.filestore import FileStorage, RamStorage  # type: ignore[import-untyped]
from whoosh.filedb.structfile import BufferFile  # type: ignore[import-untyped]
from whoosh.util.numeric import length_to_byte  # type: ignore[import-untyped]

from index.engines.base import Progress
from index.engines.commit import (
    POINTER,
    Commit,
    damage_reported,
    pointer_stamp,
    read_commit,
    remove_leftovers,
    verify_contents,
    write_commit,
)
from index.engines.filters import facet
from index.engines.inversion import Inversion
from index.engines.postings import decode, encode
from index.engines.refresh import Plan, full_plan, plan_changes
from index.engines.scoring import Floats, Numbers, Weights
from index.engines.snapshot import Snapshot
from index.engines.terms import FIELDS, EngineSettings, digest, passage_terms
from index.errors import IndexBusy, IndexDamaged, IndexNotFound, SearchError
from index.models import IndexStats, Passage, SearchQuery, SearchResults
from index.relevance.works import mentions, work_of

__all__ = ["EngineSettings", "WhooshEngine"]

Result = TypeVar("Result")
INDEX_NAME = "passages"
_OPEN_TRIES = 5
_BLOCK_START = struct.Struct("!4si")
_TERM_INFO, _PLACE = whoosh3.W3TermInfo._struct, struct.Struct("!qi")
_SLOT, _ENTRY = filetables._pointer, filetables._lengths
_CODEC = whoosh3.W3Codec()
_COLUMNS = {
    "id": columns.VarBytesColumn(),
    "digest": columns.FixedBytesColumn(16),
    "facet": columns.VarBytesColumn(),
    "document": columns.VarBytesColumn(),
    "work": columns.VarBytesColumn(),
    "mentions": columns.VarBytesColumn(),
    **{f"{name}_length": columns.NumericColumn("f") for name in FIELDS},
}
_SCHEMA = fields.Schema(
    passage=fields.STORED(),
    **{name: fields.KEYWORD(scorable=True) for name in FIELDS},
    **{name: fields.COLUMN(column) for name, column in _COLUMNS.items()},
)


class WhooshEngine:
    """Passages in a directory, ranked by BM25 over characters with bigrams plus BM25 over words.

    A passage's parts are laid together, each at its weight, before the score is taken (BM25F in its
    simple form), so a term found in the title and in the text saturates once.
    """

    def __init__(self, directory: Path, settings: EngineSettings | None = None) -> None:
        self._directory = Path(directory)
        self._pointer = self._directory / POINTER
        self._settings = settings or EngineSettings()
        self._fingerprint = f"{self._settings.fingerprint}, whoosh {whoosh_version}"
        self._opened: _Opened | None = None
        self._opening = threading.Lock()
        self._writing = threading.Lock()

    def search(self, query: SearchQuery) -> SearchResults:
        """Rank passages, best first; ties by passage id.

        Raises:
            IndexNotFound: nothing is built here, or by another version.
            IndexDamaged: files are missing or cut short; ``refresh`` repairs them.
        """
        snapshot = self._current().snapshot
        with damage_reported(self._directory):
            return snapshot.search(query)

    def read(self, use: Callable[[Snapshot], Result]) -> Result:
        """What ``use`` makes of the newest committed state: for rankers that look deeper than a search.

        Raises:
            IndexNotFound, IndexDamaged: as ``search`` does.
        """
        snapshot = self._current().snapshot
        with damage_reported(self._directory):
            return use(snapshot)

    def explain(self, text: str, passage_id: str) -> dict[str, float]:
        """Why a passage scores as it does: the share of each ``field:term``, largest first."""
        snapshot = self._current().snapshot
        with damage_reported(self._directory):
            return snapshot.explain(text, passage_id)

    def refresh(self, passages: Iterable[Passage], progress: Progress | None = None) -> IndexStats:
        """Make the index hold exactly these passages, writing only what changed.

        Raises:
            IndexBusy: another process holds the write lock.
        """
        started, reason = time.perf_counter(), ""
        with self._writing, _write_lock(self._directory):
            opened: _Opened | None
            try:
                opened = self._load(verify=True)
            except (IndexNotFound, IndexDamaged) as exc:
                opened, plan, reason = None, full_plan(passages), str(exc)
            else:
                plan = plan_changes(opened.snapshot, passages, self._settings.small_segment)
            if opened is None or not plan.changes_nothing:
                opened = self._write(plan, opened, progress)
            if self._opened is None or self._opened.stamp != opened.stamp:
                self._opened = opened
            remove_leftovers(self._directory, INDEX_NAME, opened.commit)
        count = len(opened.snapshot)
        added = count if reason else plan.added
        seconds = time.perf_counter() - started
        return IndexStats(count, added, plan.removed, plan.unchanged, seconds, bool(reason), reason)

    def close(self) -> None:
        """Release files. A later search opens them again."""
        self._opened = None

    def _current(self) -> _Opened:
        """The newest committed state, whoever committed it."""
        opened, stamp = self._opened, pointer_stamp(self._pointer)
        if opened is not None and opened.stamp == stamp:
            return opened
        if opened is not None and stamp is None:
            raise IndexDamaged(
                f"{self._directory} 里的索引文件被删除了。请运行: python run_bot.py build-index"
            )
        with self._opening:
            if self._opened is None or self._opened.stamp != stamp:
                self._opened = self._load()
            return self._opened

    def _load(self, verify: bool = False) -> _Opened:
        """Open the committed state; once more where a commit came in between."""
        for _ in range(_OPEN_TRIES):
            stamp = pointer_stamp(self._pointer)
            try:
                commit = read_commit(self._directory)
                if commit.fingerprint != self._fingerprint:
                    raise IndexNotFound("索引是按旧的格式或设置建立的。请运行: python run_bot.py build-index")
                if verify:
                    verify_contents(self._directory, commit)
                return _Opened(self._directory, commit, stamp, self._settings)
            except IndexDamaged as exc:
                damage = exc
                if pointer_stamp(self._pointer) == stamp:
                    break
        raise damage

    def _write(self, plan: Plan, old: _Opened | None, progress: Progress | None) -> _Opened:
        """Write segments and the table of contents, commit them, open the new state."""
        storage, previous = FileStorage(str(self._directory)), old.commit if old else None
        generation = whoosh_index.TOC._latest_generation(storage, INDEX_NAME) + 1
        kept = _kept_segments(self._directory, plan, old)
        try:
            new = list(_write_segments(storage, plan.passages(progress), self._settings))
            whoosh_index.TOC(_SCHEMA, [*kept, *new], generation).write(storage, INDEX_NAME)
            names = [_toc_name(generation)]
            for segment in (*kept, *new):
                names += sorted(p.name for p in self._directory.glob(f"{segment.segment_id()}.*"))
            commit = write_commit(self._directory, self._fingerprint, generation, previous, names)
        except NameError as exc:  # Whoosh's word for a file that is there: somebody else wrote it
            raise IndexBusy(f"另一个进程正在更新索引 {self._directory}，请稍后再试。") from exc
        except FileNotFoundError as exc:
            raise IndexDamaged(f"正在写的索引文件被删除了：{self._directory}") from exc
        except OSError as exc:
            raise SearchError(f"无法写入索引目录 {self._directory}：{exc.strerror or exc}") from exc
        return _Opened(self._directory, commit, pointer_stamp(self._pointer), self._settings)


class _Opened:
    """A commit with its snapshot. Files are closed when the last search on it is over."""

    def __init__(
        self, directory: Path, commit: Commit, stamp: tuple[int, int, int] | None, settings: EngineSettings
    ) -> None:
        self.commit, self.stamp = commit, stamp
        with damage_reported(directory):
            segments = _read_toc(directory, commit.generation)
            storage = FileStorage(str(directory))
            self.snapshot = Snapshot([_Segment(storage, segment) for segment in segments], settings)


class _Segment:
    """A Whoosh segment as :class:`index.engines.snapshot.Segment`.

    Terms are held in memory; postings and stored passages are read when wanted. Nothing is mapped into
    memory, because reading a mapped file that somebody cuts short ends the process.
    """

    def __init__(self, storage: FileStorage, segment: whoosh3.W3Segment) -> None:
        self._storage, self._segment = storage, segment
        self.size: int = segment.doc_count_all()
        self.deleted: list[int] = sorted(segment.deleted_docs())
        self._reading = threading.Lock()
        stored = _CODEC.per_document_reader(storage, segment)
        name = segment.make_filename(whoosh3.W3Codec.POSTS_EXT)
        postings = Path(storage.folder, name).open("rb", buffering=0)  # noqa: SIM115  # closed with the segment
        weakref.finalize(self, _close_all, stored, postings)
        terms = self._bytes(whoosh3.W3Codec.TERMS_EXT)
        self._places = _Places(terms)
        self._postings, self._stored = postings, stored
        self._ids = self._reader("id")
        stored.stored_fields(0)

    def postings(self, field: str, term: str) -> tuple[Numbers, Weights] | None:
        place = self._places.find(field, term.encode("utf-8", "surrogatepass"))
        if place is None:
            return None
        offset, length = place
        with self._reading:
            self._postings.seek(offset)
            block = self._postings.read(length)
        if len(block) != length or not block.startswith(whoosh3.WHOOSH3_HEADER_MAGIC):
            raise ValueError("no whole posting list here")
        return decode(block, _BLOCK_START.size)

    def lengths(self, field: str) -> Floats:
        raw = np.frombuffer(self._bytes(f".{field}_length.col"), dtype=">f4")
        lengths = np.zeros(self.size, dtype=np.float32)
        lengths[: len(raw)] = raw
        return lengths

    def id(self, number: int) -> str:
        return str(self._ids[number].decode("utf-8", "surrogatepass"))

    def digests(self) -> list[bytes]:
        return self._column("digest")

    def facets(self) -> list[bytes]:
        return self._column("facet")

    def documents(self) -> list[str]:
        return [found.decode("utf-8", "surrogatepass") for found in self._column("document")]

    def vocabulary(self, field: str) -> Iterator[tuple[str, float]]:
        return self._places.weights(field)

    def works(self) -> list[tuple[str, str]]:
        found = zip(self._column("work"), self._column("mentions"), strict=True)
        return [
            (work.decode("utf-8", "surrogatepass"), m.decode("utf-8", "surrogatepass")) for work, m in found
        ]

    def passage(self, number: int) -> Passage:
        with self._reading:
            stored = self._stored.stored_fields(number)
        return Passage(*stored["passage"])

    def _column(self, name: str) -> list[bytes]:
        return list(self._reader(name))

    def _reader(self, name: str) -> columns.ColumnReader:
        raw = self._bytes(f".{name}.col")
        return _COLUMNS[name].reader(BufferFile(raw), 0, len(raw), self.size)

    def _bytes(self, extension: str) -> bytes:
        return Path(self._storage.folder, self._segment.make_filename(extension)).read_bytes()


class _Places:
    """Where the posting lists stand: Whoosh's table of terms, looked up without its layers of files."""

    def __init__(self, table: bytes) -> None:
        reader = whoosh3.W3TermsReader(_CODEC, BufferFile(table), len(table), None)
        self._table = table
        self._extent = reader._tindex.startofdata, reader._tindex.endofdata
        self._buckets: list[tuple[int, int]] = reader._tindex.tables
        self._fields = {name: whoosh3.pack_ushort(number) for name, number in reader._fieldmap.items()}

    def find(self, field: str, term: bytes) -> tuple[int, int] | None:
        """Offset and length of the list of a term."""
        key = self._fields[field] + term
        code = int.from_bytes(hashlib.md5(key, usedforsecurity=False).digest()[-4:], "big")
        start, slots = self._buckets[code & 255]
        for probe in range(slots):
            slot = ((code >> 8) + probe) % slots
            found, entry = _SLOT.unpack_from(self._table, start + slot * _SLOT.size)
            if not entry:
                return None
            if found == code:
                length, _ = _ENTRY.unpack_from(self._table, entry)
                value = entry + _ENTRY.size + length
                if self._table[entry + _ENTRY.size : value] == key:
                    return _PLACE.unpack_from(self._table, value + _TERM_INFO.size)
        return None

    def weights(self, field: str) -> Iterator[tuple[str, float]]:
        """Every term of a field with its weight in all passages."""
        prefix, table = self._fields[field], self._table
        entry, end = self._extent
        while entry < end:
            length, size = _ENTRY.unpack_from(table, entry)
            value = entry + _ENTRY.size + length
            term = table[entry + _ENTRY.size : value]
            if term.startswith(prefix):
                weight = _TERM_INFO.unpack_from(table, value)[1]
                yield term[len(prefix) :].decode("utf-8", "surrogatepass"), weight
            entry = value + size


def _write_segments(
    storage: FileStorage, passages: Iterator[Passage], settings: EngineSettings
) -> Iterator[whoosh3.W3Segment]:
    """As many segments as the bound of one asks for."""
    for first in passages:
        yield _write_segment(storage, chain([first], passages), settings)


def _write_segment(
    storage: FileStorage, passages: Iterator[Passage], settings: EngineSettings
) -> whoosh3.W3Segment:
    """One segment of the next passages."""
    segment = whoosh3.W3Segment(_CODEC, INDEX_NAME, segid=uuid.uuid4().hex)
    inversions = {name: Inversion() for name in FIELDS}
    documents = _CODEC.per_document_writer(storage, segment)
    try:
        for number, passage in enumerate(passages):
            documents.start_doc(number)
            _write_passage(documents, passage)
            for name, counts in passage_terms(passage, settings).items():
                length = inversions[name].add(counts)
                documents.add_column_value(f"{name}_length", _COLUMNS[f"{name}_length"], length)
                documents.add_field(name, _SCHEMA[name], None, round(length))
            documents.finish_doc()
            segment.set_doc_count(number + 1)
            if sum(map(len, inversions.values())) >= settings.segment_postings:
                break
    finally:
        documents.close()
    _write_postings(storage, segment, inversions)
    return segment


def _write_passage(documents: whoosh3.W3PerDocWriter, passage: Passage) -> None:
    """What a passage comes back from, and what refreshing and filters look at."""
    documents.add_field("passage", _SCHEMA["passage"], _stored(passage), 0)
    found = {
        "id": passage.id.encode("utf-8", "surrogatepass"),
        "digest": digest(passage),
        "facet": facet(passage),
        "document": passage.document.encode("utf-8", "surrogatepass"),
        "work": work_of(passage.title).encode("utf-8", "surrogatepass"),
        "mentions": mentions(passage.text).encode("utf-8", "surrogatepass"),
    }
    for name, value in found.items():
        documents.add_column_value(name, _COLUMNS[name], value)


def _stored(passage: Passage) -> tuple[object, ...]:
    return tuple(getattr(passage, name) for name in Passage.__slots__)


def _write_postings(
    storage: FileStorage, segment: whoosh3.W3Segment, inversions: dict[str, Inversion]
) -> None:
    """Terms and postings of a segment, as Whoosh's field writer lays them out, a whole list at once."""
    writer = _CODEC.field_writer(storage, segment)
    file, offset = writer._postfile, writer._postfile.tell()
    for name, inversion in inversions.items():
        writer.start_field(name, _SCHEMA[name])
        prefix = whoosh3.pack_ushort(writer._fieldid)
        # Whoosh wants bounds of the lengths of a list's passages. Those of the segment are; we read none.
        shortest, longest = (
            length_to_byte(round(n)) for n in (min(inversion.lengths), max(inversion.lengths))
        )
        for term in inversion.postings():
            content = encode(term, shortest, longest)
            block = _BLOCK_START.pack(whoosh3.WHOOSH3_HEADER_MAGIC, -len(content)) + content
            info = _TERM_INFO.pack(
                0,
                term.total_weight,
                len(term.gaps),
                shortest,
                longest,
                term.max_weight,
                term.first,
                term.last,
            )
            writer._tindex.add(prefix + term.term, info + _PLACE.pack(offset, len(block)))
            file.write(block)
            offset += len(block)
        writer.finish_field()
    writer.close()


def _kept_segments(directory: Path, plan: Plan, old: _Opened | None) -> list[whoosh3.W3Segment]:
    """The old segments that stay, with what the plan deletes marked in them."""
    if old is None:
        return []
    segments = _read_toc(directory, old.commit.generation)
    for position, number in plan.delete:
        segments[position].delete_document(number)
    return [segment for position, segment in enumerate(segments) if position not in plan.drop]


@contextlib.contextmanager
def _write_lock(directory: Path) -> Iterator[None]:
    """The lock of the operating system, which a process that dies gives back."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(directory)).lock("lock")
        acquired = lock.acquire()
    except OSError as exc:
        raise SearchError(f"无法写入索引目录 {directory}：{exc.strerror or exc}") from exc
    if not acquired:
        raise IndexBusy(f"另一个进程正在更新索引 {directory}，请稍后再试。")
    try:
        yield
    finally:
        lock.release()


def _read_toc(directory: Path, generation: int) -> list[whoosh3.W3Segment]:
    """The segments of a commit. Read through memory: Whoosh leaves the file open where it is garbage."""
    memory, name = RamStorage(), _toc_name(generation)
    memory.files[name] = (directory / name).read_bytes()
    return list(whoosh_index.TOC.read(memory, INDEX_NAME, gen=generation).segments)


def _toc_name(generation: int) -> str:
    return str(whoosh_index.TOC._filename(INDEX_NAME, generation))


def _close_all(*files: object) -> None:
    for file in files:
        file.close()  # type: ignore[attr-defined]
