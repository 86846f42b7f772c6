//! Which calls of an operation there are to fail.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Calls that are made to fail.
pub(super) const CALLS: &str = "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,\
     link,linkat,unlink,unlinkat";

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Io,
    Full,
    Kill,
}

impl Fault {
    /// As `strace -e inject` takes it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Io => "error=EIO",
            Self::Full => "error=ENOSPC",
            Self::Kill => "signal=SIGKILL",
        }
    }
}

/// A file that an operation touches in some way, so many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Touched {
    pub(super) call: String,
    /// Inside the data folder.
    pub(super) file: PathBuf,
    pub(super) times: u32,
}

/// One call to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) call: String,
    pub(super) file: PathBuf,
    /// From 1.
    pub(super) time: u32,
    pub(super) fault: Fault,
}

impl fmt::Display for Point {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} number {} of {} with {}",
            self.call,
            self.time,
            self.file.display(),
            self.fault.word()
        )
    }
}

/// Every point of what is touched.
pub(super) fn all(touched: &[Touched]) -> Vec<Point> {
    let mut points = Vec::new();
    for one in touched {
        for time in 1..=one.times {
            for fault in [Fault::Io, Fault::Full, Fault::Kill] {
                points.push(Point {
                    call: one.call.clone(),
                    file: one.file.clone(),
                    time,
                    fault,
                });
            }
        }
    }
    points
}

/// What a log of `strace -f -y` says about files in `folder`, in order.
pub(super) fn touched(log: &str, folder: &Path) -> Vec<Touched> {
    let mut times: BTreeMap<(String, PathBuf), u32> = BTreeMap::new();
    for line in log.lines() {
        let Some((call, file)) = call_of(line) else {
            continue;
        };
        if let Ok(inside) = Path::new(file).strip_prefix(folder) {
            let key = (call.to_owned(), inside.to_owned());
            *times.entry(key).or_default() += 1;
        }
    }
    times
        .into_iter()
        .map(|((call, file), times)| Touched { call, file, times })
        .collect()
}

/// The call of a line and the file that it names first, by descriptor or path.
fn call_of(line: &str) -> Option<(&str, &str)> {
    let (_, line) = line.split_once(' ')?;
    let (call, arguments) = line.trim_start().split_once('(')?;
    if call.contains(' ') {
        return None;
    }
    // `renameat2(AT_FDCWD</folder>, "/from", …)`: the quoted one is meant.
    let quoted = arguments.split('"').nth(1);
    let described = || {
        arguments
            .split_once('<')?
            .1
            .split_once('>')
            .map(|(path, _)| path)
    };
    let takes_paths = ["rename", "unlink", "link"]
        .iter()
        .any(|name| call.starts_with(name));
    let file = if takes_paths { quoted? } else { described()? };
    Some((call, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_tells_which_files_are_touched_how() {
        let log = "\
7 pwrite64(3</d/saksi.db-wal>, \"x\"..., 24, 0) = 24
8 write(5<anon_inode:[eventfd]>, \"\\1\"..., 8) = 8
7 pwrite64(3</d/saksi.db-wal>, \"x\"..., 4096, 24 <unfinished ...>
7 <... pwrite64 resumed>) = 4096
7 fsync(9</d/photos>) = 0
7 rename(\"/d/a.aside\", \"/d/a.jpg\") = 0
7 renameat2(AT_FDCWD</d>, \"/d/b\", AT_FDCWD</d>, \"/d/c\", 0) = 0
7 write(1</elsewhere/log>, \"x\"..., 5) = 5
7 +++ exited with 0 +++";
        let found: Vec<(String, String, u32)> = touched(log, Path::new("/d"))
            .into_iter()
            .map(|one| (one.call, one.file.display().to_string(), one.times))
            .collect();
        let expected = [
            ("fsync", "photos", 1),
            ("pwrite64", "saksi.db-wal", 2),
            ("rename", "a.aside", 1),
            ("renameat2", "b", 1),
        ];
        let expected =
            expected.map(|(call, file, times)| (call.to_owned(), file.to_owned(), times));
        assert_eq!(found, expected);
    }
}
