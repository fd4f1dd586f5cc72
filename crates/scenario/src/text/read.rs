//! Reading files into sources, within limits. A file that cannot be read gives an issue instead of an
//! error.
//!
//! Does not own parsing, nor the content of data files.

use std::{fs::File, io::Read as _, path::Path};

use crate::{
    issue::Issues,
    source::{FileId, SourceMap, Span},
};

/// Largest file accepted, in bytes.
pub(crate) const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// Reads a file. `asked` is the place that names it; without one, issues belong to the file itself. `None`
/// means that an issue was added.
pub(crate) fn read_source(
    path: &Path,
    asked: Option<Span>,
    sources: &mut SourceMap,
    issues: &mut Issues,
) -> Option<FileId> {
    let name = path.display().to_string();
    let (message, hint) = match read_text(path, Contents::Scenario) {
        Ok(text) => return Some(sources.add(name, text, Some(path.to_owned()))),
        Err(trouble) => trouble,
    };
    let span = asked.unwrap_or_else(|| {
        let file = sources.add(name.clone(), String::new(), Some(path.to_owned()));
        Span::new(file, 0, 0)
    });
    let message = if asked.is_some() { format!("`{name}`: {message}") } else { message };
    issues.error(span, message).hint(hint);
    None
}

/// What is wrong with a file, and what to do about it.
pub(crate) type Trouble = (String, Option<String>);

/// The purpose for which a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// A scenario, or a part of one.
    Scenario,
    /// Data that a scenario names.
    Data,
}

impl Contents {
    /// A hint for a file that is not a scenario. Data files have none.
    fn hint(self, hint: &str) -> Option<String> {
        (self == Self::Scenario).then(|| hint.to_owned())
    }
}

/// Reads the text of a file within the limits, or returns what is wrong and what to do.
pub(crate) fn read_text(path: &Path, contents: Contents) -> Result<String, Trouble> {
    let plain = |message: String| (message, None);
    let words = |error: &std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "the file may not be read".to_owned(),
        _ => format!("the file cannot be read: {error}"),
    };
    let about = std::fs::metadata(path).map_err(|error| plain(words(&error)))?;
    if about.is_dir() {
        return Err((
            "this is a directory, not a file".to_owned(),
            contents.hint("name the scenario file inside it"),
        ));
    }
    if !about.is_file() {
        // Reading a pipe or device may never end.
        return Err(plain("this is not an ordinary file".to_owned()));
    }
    let too_large = || {
        let mebibytes = MAX_BYTES / (1024 * 1024);
        (
            format!("the file is larger than {mebibytes} MB"),
            contents.hint("keep observed data in CSV files and name them in the scenario"),
        )
    };
    if about.len() > MAX_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(about.len() as usize);
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| plain(words(&error)))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    text_of(bytes, contents)
}

/// The text of a file's bytes, without a byte-order mark.
fn text_of(bytes: Vec<u8>, contents: Contents) -> Result<String, Trouble> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(("the file is not UTF-8 but UTF-16".to_owned(), Some("save it as UTF-8".to_owned())));
    }
    if bytes.contains(&0) {
        return Err((
            "the file is binary, not text".to_owned(),
            contents.hint("a scenario is a RON text file in UTF-8"),
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = String::from_utf8_lossy(&error.as_bytes()[..good]).matches('\n').count() + 1;
            Err((
                format!("the file is not UTF-8 text (line {line})"),
                Some("save it as UTF-8; text from older Chinese software is often GB 18030".to_owned()),
            ))
        }
    }
}
