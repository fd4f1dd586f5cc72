//! The description of the language that comes with its types.
//!
//! Does not own how it is printed (`schema_text`).

/// One field of a record or variant.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type, as [`super::Decode::describe`] calls it.
    pub type_name: String,
    /// Its default as RON text, if it has one.
    pub default: Option<&'static str>,
    /// Whether it may be left out without having a default.
    pub is_optional: bool,
    /// What it means, line by line.
    pub meaning: &'static [&'static str],
}

/// One variant of a choice.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub name: &'static str,
    /// What it means, line by line.
    pub meaning: &'static [&'static str],
    /// Its parts.
    pub fields: Vec<Field>,
    /// Whether the only part may be written without its name.
    pub is_sole: bool,
}

/// What a type is made of.
#[derive(Clone, Debug)]
pub enum Body {
    /// Named fields.
    Record(Vec<Field>),
    /// Named variants, and the one of them that may be written without its name.
    Choice(Vec<Variant>, Option<&'static str>),
    /// A text of its own grammar, with an example.
    Plain(&'static str),
}

/// A type of the language.
#[derive(Clone, Debug)]
pub struct TypeDescription {
    /// Its name.
    pub name: &'static str,
    /// What it means, line by line.
    pub meaning: &'static [&'static str],
    /// What it is made of.
    pub body: Body,
}

/// All types met so far, in the order in which they were first named.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    types: Vec<Option<TypeDescription>>,
    names: Vec<&'static str>,
}

impl Schema {
    /// Adds a type unless it is known; `body` describes the parts and may add further types.
    pub fn add(
        &mut self,
        name: &'static str,
        meaning: &'static [&'static str],
        body: impl FnOnce(&mut Self) -> Body,
    ) -> String {
        if !self.names.contains(&name) {
            // The name is taken first, so that a type may contain itself.
            let index = self.names.len();
            self.names.push(name);
            self.types.push(None);
            let body = body(self);
            self.types[index] = Some(TypeDescription { name, meaning, body });
        }
        name.to_owned()
    }

    /// What the variant of a choice holds that is written without its name.
    pub fn bare_type(&self, name: &str) -> Option<String> {
        let description = self.types().find(|description| description.name == name)?;
        let Body::Choice(variants, Some(bare)) = &description.body else { return None };
        let variant = variants.iter().find(|variant| variant.name == *bare)?;
        variant.fields.first().map(|field| field.type_name.clone())
    }

    /// The types in the order in which they were first named.
    pub fn types(&self) -> impl Iterator<Item = &TypeDescription> {
        self.types.iter().flatten()
    }
}
