"""Rows of CSV and Parquet files as text, read piece by piece: no row can take more than a stated memory."""

import csv
import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from .._check import shown
from ..errors import DataError

_LONGEST = 1_000_000
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")


class Table(NamedTuple):
    """An open table: where the columns asked for stand in its header, and (line, their cells) of each row."""

    source: str
    positions: list[int]
    rows: Iterator[tuple[int, list[str]]]


def printable(text: str) -> str:
    """The text on one line, with what a terminal cannot show escaped."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def open_table(stream: BinaryIO, source: str, columns: dict[str, str]) -> Table:
    """The table in a file, by the suffix of its name; the header has been read and found to hold the columns."""
    suffix = os.path.splitext(source)[1].lower()
    if suffix in _SHEETS:
        raise DataError(f"{source}:1:1: a spreadsheet cannot be read as it is; save the sheet as CSV and read that.")
    return (_open_parquet if suffix in (".parquet", ".pq") else _open_csv)(stream, source, columns)


def _find(header: Sequence[str], columns: dict[str, str], source: str, line: int) -> list[int]:
    """The position of each column, which the header must name exactly once."""
    for role, name in columns.items():
        at = [i for i, h in enumerate(header) if h == name]
        if not at:
            near = difflib.get_close_matches(name.lower(), [h.lower() for h in header], 1)
            meant = next((h for h in header if near and h.lower() == near[0]), None)
            listed = ", ".join(shown(h) for h in header[:20]) + (", ..." if len(header) > 20 else "")
            hint = f"did you mean {shown(meant)}?" if meant else f"name one of these as {role}."
            rule = f"{role} column {shown(name)} must be in the header, which has {listed}"
            raise DataError(f"{source}:{line}:1: {rule}; {hint}")
        if len(at) > 1:
            rule = f"{role} column {shown(name)} must be in the header once, got {len(at)} of them"
            raise DataError(f"{source}:{line}:{at[1] + 1}: {rule}; rename the others.")
    return [header.index(name) for name in columns.values()]


class _Lines:
    """The lines of a CSV file as text; raises where a row grows too long or a byte is not text."""

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._stream, self._source = stream, source
        self._line, self._start, self._size = 0, 1, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._stream.readline(_LONGEST + 1)
        if not raw:
            raise StopIteration
        self._line += 1
        self._size += len(raw)
        if self._size > _LONGEST:
            rule = f"no row may be longer than {_LONGEST:,} bytes"
            raise self.fault(f"{rule}, got one that starts here; look for a quotation mark that is never closed.")
        if self._line == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        self._refuse_binary(raw)
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            found = f"the table must be UTF-8, got byte 0x{raw[error.start]:02x}"
            raise self.fault(f"{found}; save it as UTF-8.", self._line, error.start + 1) from None

    def _refuse_binary(self, raw: bytes) -> None:
        """What the csv module would take in silence, or refuse in its own jargon."""
        if self._line == 1 and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise self.fault("the table must be UTF-8, got UTF-16; save it as UTF-8.")
        body = raw.rstrip(b"\r\n")
        for byte, name in ((b"\0", "a NUL byte"), (b"\r", "a carriage return without a line feed")):
            if byte in body:
                rule = f"the table must be text with lines that end in LF or CRLF, got {name}"
                raise self.fault(f"{rule}; save it as CSV in UTF-8.", self._line, body.index(byte) + 1)

    def next_row(self) -> int:
        """The line on which the row just read starts; the next row starts on the line below those read."""
        start, self._start, self._size = self._start, self._line + 1, 0
        return start

    def fault(self, text: str, line: int | None = None, column: int = 1) -> DataError:
        """The error for a place, by default the start of the row being read, for the caller to raise."""
        return DataError(f"{self._source}:{line or self._start}:{column}: {text}")


def _open_csv(stream: BinaryIO, source: str, columns: dict[str, str]) -> Table:
    """A CSV file, its header read and its delimiter known."""
    lines = _Lines(stream, source)
    for text in lines:
        if text.strip():
            break
        lines.next_row()
    else:
        raise DataError(f"{source}:1:1: the file is empty; a table of past bets needs a header and at least one bet.")
    headers = {delimiter: names for delimiter in ",;\t" if (names := _split(text, delimiter))}
    if len(headers) < 3 and max(map(len, headers.values()), default=1) == 1:
        raise lines.fault("the header must be well-formed CSV on one line; close its quotation marks.")
    fits = [d for d, names in headers.items() if set(columns.values()) <= set(names)]
    # where none fits, the delimiter that cuts most lets the message list what the eye sees as columns
    delimiter = fits[0] if fits else max(headers, key=lambda d: len(headers[d]))
    positions = _find(headers[delimiter], columns, source, lines.next_row())
    return Table(source, positions, _csv_rows(lines, delimiter, len(headers[delimiter]), positions))


def _reader(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)


def _split(text: str, delimiter: str) -> list[str]:
    """The names in a header line, or none where this delimiter leaves it ill-formed."""
    try:
        return [name.strip() for name in next(_reader([text], delimiter))]
    except csv.Error:
        return []


def _csv_rows(lines: _Lines, delimiter: str, width: int, positions: list[int]) -> Iterator[tuple[int, list[str]]]:
    """(line, cells asked for) of each row that is not blank."""
    rows = _reader(lines, delimiter)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            hint = "close every quotation mark, and double those inside a quoted field"
            raise lines.fault(f"the row that starts here must be well-formed CSV ({error}); {hint}.") from None
        if row is None:
            return
        start = lines.next_row()
        if not row or (len(row) == 1 and not row[0].strip()):
            continue
        if len(row) != width:
            hint = "a decimal comma or an unquoted delimiter" if len(row) > width else "a missing delimiter"
            rule = f"the row must have as many fields as the header, {width}, got {len(row)}"
            raise lines.fault(f"{rule}; look for {hint}.", start, min(len(row), width) + 1)
        yield start, [row[i].strip() for i in positions]


def _open_parquet(stream: BinaryIO, source: str, columns: dict[str, str]) -> Table:
    """A Parquet file, its schema read."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        hint = "run `pip install pyarrow` or save the table as CSV"
        raise DataError(f"{source}:1:1: reading Parquet needs the package pyarrow; {hint}.") from None
    try:
        file = parquet.ParquetFile(stream)
    except (ArrowException, OSError) as error:
        raise DataError(_not_parquet(source, 1, error)) from None
    positions = _find(file.schema_arrow.names, columns, source, 1)
    return Table(source, positions, _parquet_rows(file, list(columns.values()), source, ArrowException))


def _parquet_rows(file: Any, names: list[str], source: str, broken: Any) -> Iterator[tuple[int, list[str]]]:
    """(number of the row, cells asked for); values travel as text so that they meet the rules of a CSV file."""
    row = 0
    try:
        for batch in file.iter_batches(columns=names):
            for values in zip(*(batch.column(name).to_pylist() for name in names), strict=True):
                row += 1
                yield row, ["" if value is None else str(value).strip() for value in values]
    except (broken, OSError) as error:
        raise DataError(_not_parquet(source, row + 1, error)) from None


def _not_parquet(source: str, row: int, error: Exception) -> str:
    return f"{source}:{row}:1: the file must be valid Parquet ({printable(str(error))[:80]}); write it again."
