use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::SuiteError;
use super::fields::CaseRow;
use super::lines::JsonLines;
use crate::Case;

/// The cases of a suite's folder, read one by one. Ends at the first that is broken.
///
/// The upper bound of its size hint is the number of lines that are left: by that threads share the last cases, and it is told how
/// far a run has got.
pub struct CaseReader {
    file: PathBuf,
    rows: JsonLines<CaseRow>,
    /// The lines of the file, if it is one that can be read twice.
    lines: Option<usize>,
    /// The line that was read last.
    line: usize,
    is_program: bool,
    // A hash for each id and not the id, so that a million cases take some twenty megabytes. Two ids may have the same hash:
    // then the file is read once more to see whether they are the same.
    ids: HashSet<u64>,
    hasher: RandomState,
    is_over: bool,
}

impl CaseReader {
    pub(super) fn open(file: &Path, is_program: bool) -> Result<CaseReader, SuiteError> {
        Ok(CaseReader {
            file: file.to_owned(),
            rows: JsonLines::open(file)?,
            lines: count_lines(file),
            line: 0,
            is_program,
            ids: HashSet::new(),
            hasher: RandomState::new(),
            is_over: false,
        })
    }

    fn case(&mut self, line: usize, row: CaseRow) -> Result<Case, SuiteError> {
        self.line = line;
        let id = id(&row, line);
        if !self.ids.insert(self.hasher.hash_one(&id))
            && let Some(first) = self.first_line_of(&id, line)?
        {
            let what = format!("id: {id:?} is the id of the case in line {first} already: ids are unique");
            return Err(SuiteError::new(&self.file, line, what));
        }
        row.case(self.is_program, id).map_err(|what| SuiteError::new(&self.file, line, what))
    }

    /// The line above this one whose case has the id.
    fn first_line_of(&self, wanted: &str, line: usize) -> Result<Option<usize>, SuiteError> {
        for row in JsonLines::<CaseRow>::open(&self.file)? {
            let (at, row) = row?;
            if at >= line {
                break;
            }
            if id(&row, at) == wanted {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }
}

/// Nothing where there is no telling: what is wrong with the file is found when it is read.
fn count_lines(file: &Path) -> Option<usize> {
    if !file.metadata().is_ok_and(|there| there.is_file()) {
        return None;
    }
    let mut reader = BufReader::with_capacity(1 << 16, File::open(file).ok()?);
    let (mut lines, mut is_within) = (0, false);
    loop {
        let block = reader.fill_buf().ok()?;
        let Some(last) = block.last() else { return Some(lines + usize::from(is_within)) };
        lines += block.iter().filter(|byte| **byte == b'\n').count();
        is_within = *last != b'\n';
        let length = block.len();
        reader.consume(length);
    }
}

/// Without an id, a case has its line's number.
fn id(row: &CaseRow, line: usize) -> String {
    row.id().map_or_else(|| line.to_string(), str::to_owned)
}

impl Iterator for CaseReader {
    type Item = Result<Arc<Case>, SuiteError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let case = match self.rows.next() {
            Some(row) => row.and_then(|(line, row)| self.case(line, row)),
            None if self.ids.is_empty() => {
                Err(SuiteError::new(&self.file, None, "no cases: a suite needs at least one"))
            }
            None => {
                self.is_over = true;
                return None;
            }
        };
        self.is_over = case.is_err();
        Some(case.map(Arc::new))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.lines.map(|lines| lines.saturating_sub(self.line));
        // A file without a case is an error, which comes in place of one.
        (0, if self.is_over { Some(0) } else { left.map(|left| left.max(usize::from(self.ids.is_empty()))) })
    }
}
