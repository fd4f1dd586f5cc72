//! Text in the two languages of every report. It does not translate and holds no wording of its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Chinese, simplified characters.
    Zh,
    /// British English.
    En,
}

/// The same text in Chinese and in English.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Makes a text from its Chinese and its English wording.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Appends text in each language.
    pub fn and(mut self, zh: &str, en: &str) -> Self {
        self.zh.push_str(zh);
        self.en.push_str(en);
        self
    }

    /// Makes a text that reads the same in both languages, such as an id that was given no name.
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { zh: en.clone(), en }
    }

    /// Returns the wording in one language; the other one where that is empty.
    pub fn in_language(&self, language: Language) -> &str {
        let (wanted, other) = match language {
            Language::Zh => (&self.zh, &self.en),
            Language::En => (&self.en, &self.zh),
        };
        if wanted.is_empty() { other } else { wanted }
    }
}
