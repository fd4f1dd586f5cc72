//! The bytes of a piece: one line that says what it is, then the content, compressed.
//!
//! ```text
//! sanda-piece 1 ENGINE MODEL SEED REPLICATION PART LENGTH SHA256
//! ```
//!
//! LENGTH is that of the content before compression, SHA256 that of the compressed bytes. Whatever a file says is checked before it is
//! believed. Does not own where pieces lie (`folder`).

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::key::{ENGINE, Part, PieceKey};

/// The first words of every piece. The number is that of this layout.
const MARK: &str = "sanda-piece 1";

/// Longest head in bytes: that of the largest numbers takes 230.
const LONGEST_HEAD: usize = 300;

/// Largest content in bytes that is read: a hub has some 6 million.
const MOST_BYTES: u64 = 1 << 32;

/// Why bytes are not the piece that was asked for.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Damage {
    /// It does not begin as pieces do.
    #[error("not a piece of a study")]
    Foreign,
    /// Another engine made it.
    #[error("made by another version of the engine ({0}, this is {ENGINE})")]
    OtherEngine(String),
    /// It is another piece than its name says.
    #[error("its head says that it is another piece than its name says")]
    Misplaced,
    /// Bytes are missing or changed.
    #[error("damaged: its content does not have the digest that its head states")]
    Changed,
    /// The content has another shape than this engine writes.
    #[error("damaged: its content cannot be read")]
    Unreadable,
}

/// Writes a piece.
///
/// Determinism: the bytes depend on the key and the content alone.
///
/// # Errors
/// Those of a content that has no such form, which records of numbers do not meet.
pub fn encode<T: Serialize>(key: &PieceKey, content: &T) -> io::Result<Vec<u8>> {
    let plain = postcard::to_stdvec(content).map_err(io::Error::other)?;
    // The lowest level: the content is mostly noise of times, and more effort saves a twentieth for ten times the time.
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&plain)?;
    let packed = encoder.finish()?;
    let mut bytes = format!("{MARK} {key} {} {}\n", plain.len(), hexadecimal(&packed)).into_bytes();
    bytes.extend(packed);
    Ok(bytes)
}

/// Reads a piece that was asked for by its key.
///
/// # Errors
/// [`Damage`]: whatever the bytes are, nothing wrong is returned.
pub fn decode<T: DeserializeOwned>(key: &PieceKey, bytes: &[u8]) -> Result<T, Damage> {
    let (found, length, packed) = open(bytes)?;
    if found != *key {
        return Err(Damage::Misplaced);
    }
    let mut plain = Vec::with_capacity(usize::try_from(length).unwrap_or_default().min(1 << 26));
    ZlibDecoder::new(packed).take(length + 1).read_to_end(&mut plain).map_err(|_| Damage::Unreadable)?;
    if plain.len() as u64 != length {
        return Err(Damage::Unreadable);
    }
    match postcard::take_from_bytes(&plain) {
        Ok((content, [])) => Ok(content),
        _ => Err(Damage::Unreadable),
    }
}

/// Reads the head and checks the digest: the key, the length of the content, and the content as it is.
///
/// # Errors
/// [`Damage`].
pub(crate) fn open(bytes: &[u8]) -> Result<(PieceKey, u64, &[u8]), Damage> {
    let end = bytes.iter().take(LONGEST_HEAD).position(|&byte| byte == b'\n').ok_or(Damage::Foreign)?;
    let (head, packed) = (&bytes[..end], &bytes[end + 1..]);
    let head = str::from_utf8(head).map_err(|_| Damage::Foreign)?;
    let words = head.strip_prefix(MARK).and_then(|rest| rest.strip_prefix(' ')).ok_or(Damage::Foreign)?;
    let words: Vec<&str> = words.split(' ').collect();
    let [engine, model, seed, replication, part, length, digest] = words[..] else {
        return Err(Damage::Foreign);
    };
    if engine != ENGINE {
        return Err(Damage::OtherEngine(
            engine.chars().filter(char::is_ascii_alphanumeric).take(16).collect(),
        ));
    }
    let number = |text: &str| text.parse::<u64>().map_err(|_| Damage::Foreign);
    let part: Part = part.parse().map_err(|()| Damage::Foreign)?;
    let key =
        PieceKey { model: model.to_owned(), seed: number(seed)?, replication: number(replication)?, part };
    let length = number(length)?;
    if digest != hexadecimal(packed) {
        return Err(Damage::Changed);
    }
    if length > MOST_BYTES {
        return Err(Damage::Unreadable);
    }
    Ok((key, length, packed))
}

/// SHA-256 in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("invariant: writing to a string cannot fail");
        text
    })
}
