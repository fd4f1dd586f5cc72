//! The language from the outside: what is read, what is refused, and in which words.

mod bounds;
mod checks;
mod composition;
mod data;
mod dates;
mod examples;
mod files;
mod issues;
mod laws;
mod loads;
mod numbers;
mod prices;
mod properties;
mod sources;
mod speeds;
mod unused;
mod world;
