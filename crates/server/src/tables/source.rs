//! A file of results as text in rows, whatever wrote it: comma, semicolon, tab
//! or bar; quoted or not; with a byte order mark; with lines of title above the
//! names of the columns.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use csv::ByteRecord;

use super::columns::{Columns, Marks, Named};

/// Rows at the top among which the names of the columns are looked for.
const HEAD_ROWS: usize = 20;
/// Bytes at the beginning from which the delimiter is told.
const HEAD_BYTES: u64 = 64 * 1024;

/// A file that is being read.
pub(crate) struct Source {
    /// Names of the columns.
    pub(crate) header: Vec<String>,
    /// What they hold.
    pub(crate) columns: Columns,
    /// What separates them.
    pub(crate) delimiter: u8,
    rows: csv::ByteRecordsIntoIter<BufReader<File>>,
}

/// A row of the file: its line (from 1) and its cells.
pub(crate) struct Row {
    /// Line in the file.
    pub(crate) line: u64,
    /// Its cells.
    pub(crate) cells: Vec<String>,
}

impl Source {
    /// Opens a file and understands its columns.
    ///
    /// # Errors
    /// A sentence: not there, not text, or without a row of column names.
    pub(crate) fn open(path: &Path, named: &[Named], marks: &Marks) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| format!("{name} cannot be read"))?;
        Self::of(file, &name, named, marks)
    }

    /// The same of a file that is open already and called `name`.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub(crate) fn of(
        mut file: File,
        name: &str,
        named: &[Named],
        marks: &Marks,
    ) -> anyhow::Result<Self> {
        let mut head = Vec::new();
        (&mut file).take(HEAD_BYTES).read_to_end(&mut head)?;
        ensure!(!head.is_empty(), "{name} is empty");
        if head.starts_with(b"PK") {
            bail!("{name} is a workbook; save it as CSV (UTF-8) first");
        }
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || head.contains(&0) {
            bail!("{name} is not UTF-8 text; save it as CSV (UTF-8)");
        }
        let delimiter = delimiter(&head);
        file.seek(SeekFrom::Start(0))?;
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(BufReader::new(file));
        let mut rows = reader.into_byte_records();
        let (header, columns) = header(&mut rows, &head, delimiter, named, marks)?;
        Ok(Self {
            header,
            columns,
            delimiter,
            rows,
        })
    }

    /// What separates the columns, in words.
    #[must_use]
    pub(crate) fn delimiter_name(&self) -> &'static str {
        match self.delimiter {
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "bar",
            _ => "comma",
        }
    }
}

impl Iterator for Source {
    type Item = Result<Row, csv::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.rows.next()? {
                Ok(record) if is_empty(&record) => {}
                Ok(record) => return Some(Ok(row(&record))),
                Err(cause) => return Some(Err(cause)),
            }
        }
    }
}

fn is_empty(record: &ByteRecord) -> bool {
    record.iter().all(|cell| cell.trim_ascii().is_empty())
}

fn row(record: &ByteRecord) -> Row {
    Row {
        line: record.position().map_or(0, csv::Position::line),
        cells: texts(record),
    }
}

fn texts(record: &ByteRecord) -> Vec<String> {
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_owned();
    let mut cells: Vec<String> = record.iter().map(text).collect();
    if let Some(first) = cells.first_mut()
        && let Some(rest) = first.strip_prefix('\u{feff}')
    {
        *first = rest.to_owned();
    }
    cells
}

/// The separator that the most of the first lines have alike.
fn delimiter(head: &[u8]) -> u8 {
    let text = String::from_utf8_lossy(head);
    let lines: Vec<&str> = text.lines().take(HEAD_ROWS).collect();
    let most = |candidate: u8| {
        let count = |line: &&str| line.bytes().filter(|byte| *byte == candidate).count();
        let mut counts: Vec<usize> = lines.iter().map(count).collect();
        counts.sort_unstable();
        counts.get(counts.len() / 2).copied().unwrap_or_default()
    };
    [b',', b';', b'\t', b'|']
        .into_iter()
        .rev()
        .max_by_key(|candidate| most(*candidate))
        .unwrap_or(b',')
}

/// The first of the upper rows whose names are understood best; the reader
/// stands behind it afterwards.
fn header(
    rows: &mut csv::ByteRecordsIntoIter<BufReader<File>>,
    head: &[u8],
    delimiter: u8,
    named: &[Named],
    marks: &Marks,
) -> anyhow::Result<(Vec<String>, Columns)> {
    let upper: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(head)
        .into_byte_records()
        .take(HEAD_ROWS)
        .map_while(Result::ok)
        .map(|record| texts(&record))
        .collect();
    let understood = |cells: &Vec<String>| {
        // A row of figures is full of "names of options", but of no place.
        let told = named.iter().filter(|one| one.stands_in(cells)).count();
        let columns = Columns::of(cells, &[], marks).ok();
        let placed = columns.filter(|it| !it.places.is_empty());
        placed.map_or(0, |it| it.understood()).saturating_add(told)
    };
    let best = upper
        .iter()
        .enumerate()
        .max_by_key(|(at, cells)| (understood(cells), usize::MAX.saturating_sub(*at)))
        .map(|(at, _)| at)
        .unwrap_or_default();
    let names = upper.get(best).cloned().unwrap_or_default();
    let columns = Columns::of(&names, named, marks)
        .map_err(|why| anyhow::anyhow!("{why}; its columns are: {}", names.join(", ")))?;
    for _ in 0..=best {
        rows.next().transpose().context("the file is not a table")?;
    }
    Ok((names, columns))
}
