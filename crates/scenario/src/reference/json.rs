//! The language as JSON Schema (draft 2020-12), for editors and programs that write or check scenarios as
//! JSON.
//!
//! RON has no schema language of its own. JSON states a scenario like RON: an object for `(field: value)`.
//! A variant is its name as a text (`Always`), or an object with its name as the only key: `{"Poisson":
//! {"mean": 8, "per": "24h"}}`, `{"Weekly": ["Wed 10:20"]}`. Does not own what parameters mean (`schema`).

use serde_json::{Map, Value as Json, json};

use crate::{
    decode::{Body, Field, Name, TypeDescription, Variant},
    reference::text::{joined, quantities, schema, shown},
};

/// The language as JSON Schema.
pub fn json_schema() -> String {
    let schema = schema();
    let types: Vec<&TypeDescription> = schema.types().collect();
    let names: Vec<&str> = types.iter().map(|description| description.name).collect();
    let writer = Writer { names };
    let entries = entries_of_sections(&types);
    let mut definitions = Map::new();
    for description in &types {
        let mut written = writer.type_(description);
        if entries.contains(&description.name) {
            add_remarks(&mut written);
        }
        // Opening hours may be written alone.
        if description.name == "Calendar" {
            written = json!({ "anyOf": [written, writer.reference("Open")] });
        }
        definitions.insert(shown(description.name).to_owned(), written);
    }
    let mut root = definitions.remove("Scenario").unwrap_or_default();
    if let Some(Json::Object(composition)) = definitions.remove("Composition")
        && let (Some(Json::Object(properties)), Some(Json::Object(more))) =
            (root.get_mut("properties"), composition.get("properties"))
    {
        properties.extend(more.clone());
        // Editors write this field at the beginning of a file.
        properties.insert("$schema".to_owned(), json!({ "type": "string" }));
    }
    // A scenario with a base takes the rest from the base.
    root["required"] = json!(["schema", "name"]);
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("sanda scenario, version 1");
    root["$comment"] =
        json!("a scenario as JSON: a variant is its name, or an object with its name as the only key");
    root["$defs"] = Json::Object(definitions);
    format!("{root:#}\n")
}

/// The types of section entries, in which `sources` and `note` are allowed.
fn entries_of_sections(types: &[&TypeDescription]) -> Vec<&'static str> {
    let Some(Body::Record(fields)) =
        types.iter().find(|description| description.name == "Scenario").map(|description| &description.body)
    else {
        return Vec::new();
    };
    let is_entry = |name: &str| fields.iter().any(|field| field.type_name == format!("{{ name: {name} }}"));
    types.iter().map(|description| description.name).filter(|name| is_entry(name)).collect()
}

fn add_remarks(written: &mut Json) {
    if let Some(Json::Object(properties)) = written.get_mut("properties") {
        let sources = json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/Provenance" } });
        properties.insert("sources".to_owned(), sources);
        properties.insert("note".to_owned(), json!({ "$ref": "#/$defs/Text" }));
    }
}

struct Writer<'a> {
    names: Vec<&'a str>,
}

impl Writer<'_> {
    fn reference(&self, name: &str) -> Json {
        debug_assert!(self.names.contains(&name), "{name}");
        json!({ "$ref": format!("#/$defs/{}", shown(name)) })
    }

    fn type_(&self, description: &TypeDescription) -> Json {
        let meaning = joined(description.meaning);
        let mut written = match &description.body {
            Body::Record(fields) => self.record(fields),
            Body::Choice(variants, bare) => {
                let is_step = description.name == "StepKind";
                let mut all: Vec<Json> =
                    variants.iter().map(|variant| self.variant(variant, is_step)).collect();
                let bare = variants.iter().find(|variant| *bare == Some(variant.name));
                all.extend(
                    bare.and_then(|variant| variant.fields.first()).map(|field| self.value(&field.type_name)),
                );
                json!({ "anyOf": all })
            }
            // Texts, and what may replace them, have a grammar of their own.
            Body::Plain(example) => json!({ "examples": [example] }),
        };
        written["description"] = json!(meaning);
        written
    }

    fn record(&self, fields: &[Field]) -> Json {
        let properties: Map<String, Json> =
            fields.iter().map(|field| (field.name.to_owned(), self.field(field))).collect();
        let required: Vec<&str> = fields
            .iter()
            .filter(|field| field.default.is_none() && !field.is_optional)
            .map(|field| field.name)
            .collect();
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    }

    fn field(&self, field: &Field) -> Json {
        let value = self.value(&field.type_name);
        // An optional field may be absent explicitly.
        let mut written =
            if field.is_optional { json!({ "anyOf": [value, { "type": "null" }] }) } else { value };
        let default = field.default.map_or_else(String::new, |default| format!(" Default: `{default}`."));
        written["description"] = json!(format!("{}{default}", joined(field.meaning)));
        written
    }

    fn variant(&self, variant: &Variant, is_step: bool) -> Json {
        let meaning = joined(variant.meaning);
        if variant.fields.is_empty() {
            return json!({ "const": variant.name, "description": meaning });
        }
        let mut content = self.record(&variant.fields);
        if is_step && let Some(Json::Object(properties)) = content.get_mut("properties") {
            properties.insert("id".to_owned(), self.value("name"));
            properties.insert("label".to_owned(), self.value("Text"));
        }
        if variant.is_sole {
            content = json!({ "anyOf": [self.value(&variant.fields[0].type_name), content] });
        }
        json!({
            "type": "object",
            "properties": { variant.name: content },
            "required": [variant.name],
            "additionalProperties": false,
            "description": meaning,
        })
    }

    /// The schema of a type with this name, as [`crate::decode::Decode::describe`] gives it.
    fn value(&self, type_name: &str) -> Json {
        if let Some((one, other)) = type_name.split_once(" or ")
            && !type_name.starts_with(['[', '{'])
            && type_name != "true or false"
        {
            return json!({ "anyOf": [self.value(one), self.value(other)] });
        }
        if let Some(inside) = type_name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return match inside.split_once("; ").and_then(|(item, n)| Some((item, n.parse::<u64>().ok()?))) {
                Some((item, n)) => {
                    json!({ "type": "array", "items": self.value(item), "minItems": n, "maxItems": n })
                }
                None => json!({ "type": "array", "items": self.value(inside) }),
            };
        }
        if let Some(inside) = type_name.strip_prefix("{ ").and_then(|rest| rest.strip_suffix(" }")) {
            let (key, value) = inside.split_once(": ").unwrap_or(("text", inside));
            let mut written = json!({ "type": "object", "additionalProperties": self.value(value) });
            if key == "name" {
                written["propertyNames"] = self.value("name");
            }
            return written;
        }
        if let Some(of) = type_name.strip_prefix("law of ") {
            // The values of a law are written like those of its quantity, or as numbers.
            return json!({ "$ref": "#/$defs/Law", "$comment": format!("of {of}") });
        }
        let (plain, is_positive) =
            type_name.strip_suffix(" above 0").map_or((type_name, false), |plain| (plain, true));
        let mut written = match plain {
            "name" => json!({ "type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": Name::LONGEST }),
            "count" => json!({ "type": "integer", "minimum": 0 }),
            "number" => json!({ "type": "number" }),
            "share" => {
                json!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 1 }, { "type": "string" }] })
            }
            "true or false" => json!({ "type": "boolean" }),
            "value" => json!({}),
            _ if self.names.contains(&plain) => self.reference(plain),
            _ => json!({ "type": "string" }),
        };
        if is_positive && matches!(plain, "count" | "number") {
            written["exclusiveMinimum"] = json!(0);
        }
        if let Some((_, example, units)) = quantities().into_iter().find(|(name, ..)| *name == plain) {
            written["examples"] = json!([example]);
            written["$comment"] = json!(format!("a number with one of the units {}", units.join(", ")));
        }
        written
    }
}
