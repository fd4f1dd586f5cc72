//! Words of a command that mean nothing here: what is wrong, what was expected, and a hint.
//!
//! Does not own any of the small languages whose words they are (`design`, `targets`, `catalogue`).

/// Something wrong with the words of a command.
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
