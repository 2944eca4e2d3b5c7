use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::SuiteError;
use super::fields::CaseRow;
use super::lines::JsonLines;
use crate::Case;

/// The cases of a suite's folder, read one by one. Ends at the first that is broken.
pub struct CaseReader {
    file: PathBuf,
    rows: JsonLines<CaseRow>,
    is_program: bool,
    // A hash for each id and not the id, so that a million cases take a dozen megabytes. Two ids may have the same hash:
    // then the file is read once more to see whether they are the same.
    ids: HashSet<u64>,
    hasher: RandomState,
    is_over: bool,
}

impl CaseReader {
    pub(super) fn open(file: &Path, is_program: bool) -> Result<CaseReader, SuiteError> {
        let (ids, hasher) = (HashSet::new(), RandomState::new());
        Ok(CaseReader { file: file.to_owned(), rows: JsonLines::open(file)?, is_program, ids, hasher, is_over: false })
    }

    fn case(&mut self, line: usize, row: CaseRow) -> Result<Case, SuiteError> {
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
}
