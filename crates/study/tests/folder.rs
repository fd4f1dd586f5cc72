//! Writing, reading and merging of pieces; everything a file says is checked before it is used.

use std::fs;

use sanda_study::{Damage, Folder, Part, PieceKey, decode, encode};
use tempfile::tempdir;

fn key(replication: u64) -> PieceKey {
    PieceKey { model: "ab".repeat(32), seed: 7, replication, part: Part::Whole }
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempdir().unwrap();
    let folder = Folder::new(folder.path());
    let content = (vec![1_u64, 0, u64::MAX], -5_i128);
    assert_eq!(folder.read::<(Vec<u64>, i128)>(&key(0)).unwrap(), None);
    folder.write(&key(0), &content).unwrap();
    assert_eq!(folder.read(&key(0)).unwrap(), Some(content));
    assert!(folder.has(&key(0)) && !folder.has(&key(1)));
}

/// Every byte of a piece matters: changed, cut off or added, the piece is refused, and never by a panic.
#[test]
fn no_changed_byte_goes_unnoticed() {
    let content: Vec<u64> = (0..300).map(|n| n * n * 7919 % 1000).collect();
    let bytes = encode(&key(3), &content).unwrap();
    assert_eq!(decode::<Vec<u64>>(&key(3), &bytes).unwrap(), content);
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x10;
        assert!(decode::<Vec<u64>>(&key(3), &changed).is_err(), "byte {place}");
        assert!(decode::<Vec<u64>>(&key(3), &bytes[..place]).is_err(), "cut at {place}");
    }
    let longer = [bytes.as_slice(), b"x"].concat();
    assert_eq!(decode::<Vec<u64>>(&key(3), &longer), Err(Damage::Changed));
    assert_eq!(decode::<Vec<u64>>(&key(4), &bytes), Err(Damage::Misplaced));
    // The content is of another type than requested.
    assert_eq!(decode::<u64>(&key(3), &bytes), Err(Damage::Unreadable));
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let one = encode(&key(0), &vec![3_u32; 1000]).unwrap();
    assert_eq!(one, encode(&key(0), &vec![3_u32; 1000]).unwrap());
    let head = one.split(|&byte| byte == b'\n').next().unwrap();
    let head = String::from_utf8(head.to_vec()).unwrap();
    assert!(head.starts_with("sanda-piece 1 ") && head.contains(" 7 0 whole 1002 "), "{head}");
}

#[test]
fn a_contradiction_is_refused_and_nothing_is_merged() {
    let (one, two) = (tempdir().unwrap(), tempdir().unwrap());
    let (one, two) = (Folder::new(one.path()), Folder::new(two.path()));
    one.write(&key(0), &1_u64).unwrap();
    two.write(&key(0), &2_u64).unwrap();
    two.write(&key(1), &3_u64).unwrap();
    let error = one.merge(&[two]).unwrap_err().to_string();
    assert_eq!(error, "1 of the pieces cannot be merged");
    assert!(!one.has(&key(1)));
    assert_eq!(one.read::<u64>(&key(0)).unwrap(), Some(1));
}

#[test]
fn the_oldest_pieces_go_first() {
    let root = tempdir().unwrap();
    let folder = Folder::new(root.path());
    for replication in 0..3 {
        folder.write(&key(replication), &vec![replication; 50]).unwrap();
        let file = fs::File::options().write(true).open(folder.place(&key(replication))).unwrap();
        let at = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1000 + replication);
        file.set_modified(at).unwrap();
    }
    let all = folder.trim(u64::MAX).unwrap();
    assert_eq!(all.n_removed, 0);
    let left = folder.trim(all.bytes - 1).unwrap();
    assert_eq!(left.n_removed, 1);
    assert_eq!([0, 1, 2].map(|replication| folder.has(&key(replication))), [false, true, true]);
}
