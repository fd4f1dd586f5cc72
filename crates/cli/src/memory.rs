//! The available memory: of the machine, under the limits of the process, and in its control group.
//!
//! Known on Linux only; other systems report nothing. Does not own the memory that a run needs (`sanda_scenario::build`).

use std::fs;

/// A bound on memory.
#[derive(Debug, Clone, Copy)]
struct Bound {
    /// Bytes still available.
    left: u64,
    /// Bytes in total.
    total: u64,
}

fn bounds() -> impl Iterator<Item = Bound> {
    [machine(), address_space(), control_group()].into_iter().flatten()
}

/// Returns the bytes still available to this process: the minimum over the machine and all limits.
pub(crate) fn available() -> Option<u64> {
    bounds().map(|bound| bound.left).min()
}

/// Returns the bytes used by this process and the bytes left, if this process has nearly exhausted the memory.
pub(crate) fn exhausted() -> Option<(u64, u64)> {
    /// Inverse of the share of a bound's memory that counts as nearly exhausted: the system acts a fraction of a second after nothing is
    /// left.
    const LAST_PART: u64 = 20;
    let taken = status("VmRSS:")?;
    let bound = bounds().find(|bound| bound.left < bound.total / LAST_PART && bound.left < taken)?;
    Some((taken, bound.left))
}

/// Returns the peak memory of this process.
pub(crate) fn peak() -> Option<u64> {
    status("VmHWM:")
}

/// Returns a size of the process from the system, which states kilobytes.
fn status(name: &str) -> Option<u64> {
    kilobytes(&fs::read_to_string("/proc/self/status").ok()?, name)
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// Returns the memory of the machine that is available without swapping.
fn machine() -> Option<Bound> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    Some(Bound { left: kilobytes(&text, "MemAvailable:")?, total: kilobytes(&text, "MemTotal:")? })
}

/// Returns the address space that `ulimit -v` leaves.
#[cfg(unix)]
fn address_space() -> Option<Bound> {
    let total = rustix::process::getrlimit(rustix::process::Resource::As).current?;
    Some(Bound { left: total.saturating_sub(status("VmSize:")?), total })
}

#[cfg(not(unix))]
fn address_space() -> Option<Bound> {
    None
}

/// Returns the memory that the control groups of this process leave, in both versions.
fn control_group() -> Option<Bound> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let mut least: Option<Bound> = None;
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let (root, limit, usage) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max", "memory.current"),
            "memory" => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
            _ => continue,
        };
        // The limits of all parent groups hold too. Inside a container the root itself is the group.
        let mut path = path.trim_matches('/');
        loop {
            let number = |name: &str| -> Option<u64> {
                fs::read_to_string(format!("{root}/{path}/{name}")).ok()?.trim().parse().ok()
            };
            if let (Some(total), Some(usage)) = (number(limit), number(usage)) {
                let bound = Bound { left: total.saturating_sub(usage), total };
                least = Some(least.filter(|least| least.left < bound.left).unwrap_or(bound));
            }
            if path.is_empty() {
                break;
            }
            path = path.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    least
}

/// Formats a number of bytes.
pub(crate) fn shown(bytes: f64) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB"];
    let (mut value, mut place) = (bytes / 1e3, 0);
    while value >= 999.5 && place + 1 < units.len() {
        value /= 1e3;
        place += 1;
    }
    if value < 9.95 { format!("{value:.1} {}", units[place]) } else { format!("{value:.0} {}", units[place]) }
}

#[cfg(test)]
mod tests {
    use super::{kilobytes, shown};

    #[test]
    fn sizes_are_read_from_what_the_system_writes() {
        let text = "Name:\tsanda\nVmHWM:\t  1234 kB\nVmRSS:\t   999 kB\n";
        assert_eq!(kilobytes(text, "VmRSS:"), Some(999 * 1024));
        assert_eq!(kilobytes(text, "VmSize:"), None);
    }

    #[test]
    fn sizes_are_shown_for_people() {
        assert_eq!(shown(512.0), "0.5 kB");
        assert_eq!(shown(5.04e9), "5.0 GB");
        assert_eq!(shown(2.1e11), "210 GB");
        assert_eq!(shown(999_700.0), "1.0 MB");
    }
}
