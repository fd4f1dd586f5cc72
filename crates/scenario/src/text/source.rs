//! Sources of scenario text: files, arguments of `--set`, and places in them.
//!
//! Does not own what is wrong at a place (`issue`) nor how it is drawn (`render`).

use std::path::{Path, PathBuf};

/// Identifies one source of a [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// Position of the source in its map.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of bytes in one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: start as u32, end: end as u32 }
    }

    /// The empty range at the end of this one.
    pub fn at_end(self) -> Self {
        Self { start: self.end, ..self }
    }

    /// The range of the first byte only. An opening bracket stands for a long object.
    pub fn at_start(self) -> Self {
        Self { end: self.end.min(self.start + 1), ..self }
    }
}

/// A value with the place it was read from. Equality looks at the value alone.
#[derive(Clone, Copy, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The place where it was written.
    pub span: Span,
}

impl<T> Located<T> {
    /// Joins a value and its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> std::ops::Deref for Located<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: std::fmt::Display> std::fmt::Display for Located<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value.fmt(f)
    }
}

/// One source: a file, a text given by a test, or an argument of the command line.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name in messages.
    pub name: String,
    /// The whole text; empty if it could not be read.
    pub text: String,
    /// The place on disk, against which the paths in the text are resolved.
    pub path: Option<PathBuf>,
    /// Whether it is an argument such as `--set`, where bare words are texts.
    pub is_argument: bool,
    line_starts: Vec<u32>,
}

/// A position as editors show it: lines and columns from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Source {
    fn new(name: String, text: String, path: Option<PathBuf>, is_argument: bool) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1))
            .collect();
        Self { name, text, path, is_argument, line_starts }
    }

    /// The line and column of a byte offset; an offset past the end counts as the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|&start| start as usize <= offset);
        let start = self.line_starts[line - 1] as usize;
        LineColumn { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// The byte offset of a line and a column in characters. A column past the end of the line counts as
    /// its end.
    pub fn offset(&self, position: LineColumn) -> usize {
        let line = position.line.clamp(1, self.line_starts.len());
        let start = self.line_starts[line - 1] as usize;
        let text = self.line(line);
        start + text.char_indices().nth(position.column.max(1) - 1).map_or(text.len(), |(at, _)| at)
    }

    /// The text of a line (from 1) without its end.
    pub fn line(&self, line: usize) -> &str {
        let start = self.line_starts[line - 1] as usize;
        let end = self.line_starts.get(line).map_or(self.text.len(), |&next| next as usize);
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The byte offset at which a line (from 1) begins.
    pub fn line_start(&self, line: usize) -> usize {
        self.line_starts[line - 1] as usize
    }
}

/// All sources of one scenario, in the order in which they were read.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// Adds a text that was read from a file, or given by a test if `path` is `None`.
    pub fn add(&mut self, name: impl Into<String>, text: String, path: Option<PathBuf>) -> FileId {
        self.push(Source::new(name.into(), text, path, false))
    }

    /// Adds an argument of the command line, such as `--set`.
    pub fn add_argument(&mut self, name: impl Into<String>, text: String) -> FileId {
        self.push(Source::new(name.into(), text, None, true))
    }

    fn push(&mut self, source: Source) -> FileId {
        self.sources.push(source);
        FileId(self.sources.len() as u32 - 1)
    }

    /// The source with this id.
    ///
    /// # Panics
    /// If the id belongs to another map.
    pub fn source(&self, file: FileId) -> &Source {
        &self.sources[file.index()]
    }

    /// All sources in reading order.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        self.source(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Resolves a path written in a source against the folder of that source.
    pub fn resolve(&self, file: FileId, written: &str) -> PathBuf {
        let folder = self.source(file).path.as_deref().and_then(Path::parent);
        folder.map_or_else(|| PathBuf::from(written), |folder| folder.join(written))
    }
}
