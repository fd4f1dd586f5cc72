//! `record!` and `choice!`: the single declaration of a type, its decoder and its description.
//!
//! Defaults are written as RON text, as in a scenario.

/// Declares a type with named fields. `alone x` names the field that may be written without the object
/// around it.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident $(<$q:ident: $bound:ident>)? ($noun:literal $(, alone $alone:ident)?) {
            $( $(#[doc = $field_doc:literal])* $field:ident : $type:ty $(= $default:tt)? ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        $vis struct $name $(<$q: $bound>)? {
            $( $(#[doc = $field_doc])* $vis $field: $type, )*
        }

        impl $(<$q: $bound>)? $crate::decode::Record for $name $(<$q>)? {
            const NOUN: &'static str = $noun;
            const ALONE: Option<&'static str> = $crate::decode::macros::bare_name!($($alone)?);

            fn from_reader(
                reader: &mut $crate::decode::Reader<'_>,
                cx: &mut $crate::decode::Context<'_>,
            ) -> Option<Self> {
                $(
                    let $field = reader.field::<$type>(
                        stringify!($field),
                        $crate::decode::macros::default_text!($($default)?),
                        cx,
                    );
                )*
                Some(Self { $( $field: $field?, )* })
            }

            fn describe_record(schema: &mut $crate::decode::Schema) -> String {
                schema.add(stringify!($name), &[$($doc),*], |schema| {
                    $crate::decode::Body::Record(vec![$(
                        $crate::decode::macros::field::<$type>(
                            schema,
                            stringify!($field),
                            $crate::decode::macros::default_text!($($default)?),
                            &[$($field_doc),*],
                        )
                    ),*])
                })
            }
        }

        impl $(<$q: $bound>)? $crate::decode::Decode for $name $(<$q>)? {
            fn decode(
                tree: &$crate::tree::Tree,
                cx: &mut $crate::decode::Context<'_>,
            ) -> Option<Self> {
                $crate::decode::macros::decode_record(tree, cx)
            }

            fn describe(schema: &mut $crate::decode::Schema) -> String {
                <Self as $crate::decode::Record>::describe_record(schema)
            }
        }
    };
}
pub(crate) use record;

/// Declares a type with named variants. A variant has no part, one part (`Weekly(times: ...)`, whose name
/// may be left out) or named parts. `bare X` names the variant with one part that may be written as its
/// part alone.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derive:ident),*)])?
        pub enum $name:ident $(<$q:ident: $bound:ident>)? ($noun:literal $(, bare $bare:ident)?) {
            $(
                $(#[doc = $variant_doc:literal])*
                $variant:ident
                $( ( $sole:ident : $sole_type:ty $(= $sole_default:tt)? ) )?
                $( { $( $(#[doc = $field_doc:literal])* $field:ident : $type:ty $(= $default:tt)? ),* $(,)? } )?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq $($(, $derive)*)?)]
        pub enum $name $(<$q: $bound>)? {
            $(
                $(#[doc = $variant_doc])*
                $variant $( ( $sole_type ) )? $( { $( $(#[doc = $field_doc])* $field: $type, )* } )?,
            )*
        }

        impl $(<$q: $bound>)? $crate::decode::Choice for $name $(<$q>)? {
            const NOUN: &'static str = $noun;
            const VARIANTS: &'static [&'static str] = &[$(stringify!($variant)),*];
            const BARE: Option<&'static str> = $crate::decode::macros::bare_name!($($bare)?);

            fn bare_type() -> Option<String> {
                let mut schema = $crate::decode::Schema::default();
                <Self as $crate::decode::Decode>::describe(&mut schema);
                schema.bare_type(stringify!($name))
            }

            fn from_variant(
                name: &str,
                reader: &mut $crate::decode::Reader<'_>,
                cx: &mut $crate::decode::Context<'_>,
            ) -> Option<Self> {
                $(
                    if name == stringify!($variant) {
                        return $crate::decode::macros::read_variant!(
                            reader, cx, $variant
                            $( ( $sole : $sole_type $(= $sole_default)? ) )?
                            $( { $( $field : $type $(= $default)? ),* } )?
                        );
                    }
                )*
                let _ = (&reader, &cx);
                unreachable!("invariant: the reader only opens variants of this choice")
            }
        }

        impl $(<$q: $bound>)? $crate::decode::Decode for $name $(<$q>)? {
            fn decode(
                tree: &$crate::tree::Tree,
                cx: &mut $crate::decode::Context<'_>,
            ) -> Option<Self> {
                $crate::decode::macros::decode_choice(tree, cx)
            }

            fn describe(schema: &mut $crate::decode::Schema) -> String {
                schema.add(stringify!($name), &[$($doc),*], |schema| {
                    let _ = &schema;
                    $crate::decode::Body::Choice(
                        vec![$(
                            $crate::decode::macros::describe_variant!(
                                schema, $variant, &[$($variant_doc),*]
                                $(, ( $sole : $sole_type $(= $sole_default)? ) )?
                                $(, { $( $(#[doc = $field_doc])* $field : $type $(= $default)? ),* } )?
                            )
                        ),*],
                        $crate::decode::macros::bare_name!($($bare)?),
                    )
                })
            }
        }
    };
}
pub(crate) use choice;

macro_rules! default_text {
    () => {
        None
    };
    ($default:tt) => {
        Some(stringify!($default))
    };
}
pub(crate) use default_text;

macro_rules! bare_name {
    () => {
        None
    };
    ($bare:ident) => {
        Some(stringify!($bare))
    };
}
pub(crate) use bare_name;

macro_rules! read_variant {
    ($reader:ident, $cx:ident, $variant:ident) => {
        Some(Self::$variant)
    };
    ($reader:ident, $cx:ident, $variant:ident ( $sole:ident : $type:ty $(= $default:tt)? )) => {
        $reader
            .sole::<$type>(
                stringify!($sole),
                $crate::decode::macros::default_text!($($default)?),
                $cx,
            )
            .map(Self::$variant)
    };
    ($reader:ident, $cx:ident, $variant:ident { $( $field:ident : $type:ty $(= $default:tt)? ),* }) => {{
        $reader.require_names(&[$(stringify!($field)),*], $cx)?;
        $(
            let $field = $reader.field::<$type>(
                stringify!($field),
                $crate::decode::macros::default_text!($($default)?),
                $cx,
            );
        )*
        Some(Self::$variant { $( $field: $field?, )* })
    }};
}
pub(crate) use read_variant;

macro_rules! describe_variant {
    ($schema:ident, $variant:ident, $meaning:expr) => {
        $crate::decode::Variant {
            name: stringify!($variant),
            meaning: $meaning,
            fields: Vec::new(),
            is_sole: false,
        }
    };
    ($schema:ident, $variant:ident, $meaning:expr, ( $sole:ident : $type:ty $(= $default:tt)? )) => {
        $crate::decode::Variant {
            name: stringify!($variant),
            meaning: $meaning,
            fields: vec![$crate::decode::macros::field::<$type>(
                $schema,
                stringify!($sole),
                $crate::decode::macros::default_text!($($default)?),
                &[],
            )],
            is_sole: true,
        }
    };
    ($schema:ident, $variant:ident, $meaning:expr,
     { $( $(#[doc = $doc:literal])* $field:ident : $type:ty $(= $default:tt)? ),* }) => {
        $crate::decode::Variant {
            name: stringify!($variant),
            meaning: $meaning,
            fields: vec![$(
                $crate::decode::macros::field::<$type>(
                    $schema,
                    stringify!($field),
                    $crate::decode::macros::default_text!($($default)?),
                    &[$($doc),*],
                )
            ),*],
            is_sole: false,
        }
    };
}
pub(crate) use describe_variant;

pub(crate) use super::reader::{decode_choice, decode_record};
use super::{Decode, Field, Schema};

/// Describes one field of type `T`.
pub(crate) fn field<T: Decode>(
    schema: &mut Schema,
    name: &'static str,
    default: Option<&'static str>,
    meaning: &'static [&'static str],
) -> Field {
    Field {
        name: name.trim_start_matches("r#"),
        type_name: T::describe(schema),
        default,
        is_optional: T::absent().is_some(),
        meaning,
    }
}
