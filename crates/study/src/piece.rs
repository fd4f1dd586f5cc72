//! The bytes of a piece: a header line with its key, then the compressed content.
//!
//! ```text
//! sanda-piece 1 ENGINE MODEL SEED REPLICATION PART LENGTH SHA256
//! ```
//!
//! LENGTH is that of the content before compression, SHA256 that of the compressed bytes. Every statement of a file is checked before it is
//! used. Does not own where pieces are stored (`folder`).

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::key::{ENGINE, Part, PieceKey};

/// The first words of every piece. The number is the version of this layout.
const MARK: &str = "sanda-piece 1";

/// Largest length of a header in bytes. The largest numbers take 230.
const LONGEST_HEAD: usize = 300;

/// Largest content that is read, in bytes. A replication of the hub has about 6 million.
const MOST_BYTES: u64 = 1 << 32;

/// Why bytes are not the requested piece.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Damage {
    /// The bytes do not begin as a piece does.
    #[error("not a piece of a study")]
    Foreign,
    /// Another engine made it.
    #[error("made by another version of the engine ({0}, this is {ENGINE})")]
    OtherEngine(String),
    /// The header names another piece than the file name.
    #[error("its header names another piece than its file name")]
    Misplaced,
    /// Bytes are missing or changed.
    #[error("damaged: its content does not match the digest in its header")]
    Changed,
    /// The content has another shape than this engine writes.
    #[error("damaged: its content cannot be read")]
    Unreadable,
}

/// Encodes a piece.
///
/// Determinism: the bytes depend on the key and the content alone.
///
/// # Errors
/// If the content cannot be serialised, which does not happen for records of numbers.
pub fn encode<T: Serialize>(key: &PieceKey, content: &T) -> io::Result<Vec<u8>> {
    let plain = postcard::to_stdvec(content).map_err(io::Error::other)?;
    // The lowest level of compression: the content is mostly noise of times, and a higher level saves a twentieth for ten times the effort.
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&plain)?;
    let packed = encoder.finish()?;
    let mut bytes = format!("{MARK} {key} {} {}\n", plain.len(), hexadecimal(&packed)).into_bytes();
    bytes.extend(packed);
    Ok(bytes)
}

/// Decodes the piece of a key.
///
/// # Errors
/// [`Damage`], for any bytes that are not exactly this piece.
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

/// Reads the header and checks the digest. Returns the key, the length of the content and the compressed content.
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

/// Returns the SHA-256 digest in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("invariant: writing to a string cannot fail");
        text
    })
}
