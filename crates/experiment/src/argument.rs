//! Errors in the arguments of a command: what is wrong, what was expected, and a hint.
//!
//! Does not own the small languages that the arguments are written in (`design`, `targets`, `catalogue`).

/// An error in the arguments of a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ArgumentIssue {
    /// What is wrong, and what was expected.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl ArgumentIssue {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()) }
    }
}
