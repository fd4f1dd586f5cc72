//! One entry of the language, looked up by its name: a type, a section, a variant or a field.
//!
//! Does not own how entries are laid out (`text`).

use crate::{
    decode::{Body, TypeDescription},
    path::SECTIONS,
    reference::text::{Page, schema, shown},
    suggest::{did_you_mean, fold},
};

/// The part of the language with this name: a type (`Resource`), a section (`resources`), a variant
/// (`Poisson`), or all fields of this name. Case, hyphens and a plural do not matter.
///
/// # Errors
///
/// If there is no such name. The hint names the nearest, if one is near.
pub fn schema_entry(name: &str) -> Result<String, Option<String>> {
    let schema = schema();
    let types: Vec<&TypeDescription> = schema.types().collect();
    let is_it = |other: &str| {
        let (wanted, other) = (fold(name), fold(other));
        !wanted.is_empty() && (wanted == other || wanted.strip_suffix('s') == Some(&other))
    };
    let mut page = Page::new();
    if let Some(description) = types.iter().find(|description| is_it(shown(description.name))) {
        page.type_(description);
        return Ok(page.into_entry());
    }
    for description in &types {
        match &description.body {
            Body::Choice(variants, bare) => {
                for variant in variants.iter().filter(|variant| is_it(variant.name)) {
                    page.heading(&format!("{} ({})", variant.name, shown(description.name)));
                    page.variant(variant, *bare == Some(variant.name));
                }
                let of_variants = variants
                    .iter()
                    .flat_map(|variant| variant.fields.iter().map(move |field| (variant.name, field)));
                for (variant, field) in of_variants.filter(|(_, field)| is_it(field.name)) {
                    page.heading(&format!("{} of {variant} ({})", field.name, shown(description.name)));
                    page.field(2, field);
                }
            }
            Body::Record(fields) => {
                for field in fields.iter().filter(|field| is_it(field.name)) {
                    page.heading(&format!("{} of {}", field.name, shown(description.name)));
                    page.field(2, field);
                }
            }
            Body::Plain(_) => {}
        }
    }
    if !page.is_empty() {
        return Ok(page.into_entry());
    }
    let mut names: Vec<&str> = SECTIONS.to_vec();
    for description in &types {
        names.push(shown(description.name));
        match &description.body {
            Body::Choice(variants, _) => {
                names.extend(variants.iter().map(|variant| variant.name));
                names.extend(
                    variants.iter().flat_map(|variant| variant.fields.iter().map(|field| field.name)),
                );
            }
            Body::Record(fields) => names.extend(fields.iter().map(|field| field.name)),
            Body::Plain(_) => {}
        }
    }
    Err(did_you_mean(name, names))
}
