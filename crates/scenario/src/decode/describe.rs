//! The description of the language that comes with its types.
//!
//! Does not own how it is printed (`reference`).

/// One field of a record or variant.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// The type, as [`super::Decode::describe`] names it.
    pub type_name: String,
    /// The default as RON text, if there is one.
    pub default: Option<&'static str>,
    /// Whether it may be left out without having a default.
    pub is_optional: bool,
    /// The documentation, line by line.
    pub meaning: &'static [&'static str],
}

/// One variant of a choice.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The name.
    pub name: &'static str,
    /// The documentation, line by line.
    pub meaning: &'static [&'static str],
    /// The parts.
    pub fields: Vec<Field>,
    /// Whether the only part may be written without its name.
    pub is_sole: bool,
}

/// The structure of a type.
#[derive(Clone, Debug)]
pub enum Body {
    /// Named fields.
    Record(Vec<Field>),
    /// Named variants, and the variant that may be written without its name.
    Choice(Vec<Variant>, Option<&'static str>),
    /// A text with a grammar of its own, with an example.
    Plain(&'static str),
}

/// A type of the language.
#[derive(Clone, Debug)]
pub struct TypeDescription {
    /// The name.
    pub name: &'static str,
    /// The documentation, line by line.
    pub meaning: &'static [&'static str],
    /// The structure.
    pub body: Body,
}

/// All types met so far, in the order in which they were first named.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    types: Vec<Option<TypeDescription>>,
    names: Vec<&'static str>,
}

impl Schema {
    /// Adds a type unless it is known. `body` describes the parts and may add further types.
    pub fn add(
        &mut self,
        name: &'static str,
        meaning: &'static [&'static str],
        body: impl FnOnce(&mut Self) -> Body,
    ) -> String {
        if !self.names.contains(&name) {
            // The name is added first, so that a type may contain itself.
            let index = self.names.len();
            self.names.push(name);
            self.types.push(None);
            let body = body(self);
            self.types[index] = Some(TypeDescription { name, meaning, body });
        }
        name.to_owned()
    }

    /// The type inside the variant that may be written without its name.
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
