//! What belongs together: members that are joined, directly or by others, make one group (disjoint sets).

use std::collections::BTreeMap;

/// Members that belong together: each with another one of its group, the root with itself.
#[derive(Debug)]
pub(super) struct Groups<T>(BTreeMap<T, T>);

impl<T: Copy + Ord> Groups<T> {
    /// Nobody yet.
    pub(super) fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The one that stands for the group of a member.
    pub(super) fn root(&mut self, member: T) -> T {
        let above = |groups: &Self, member| groups.0.get(&member).copied().filter(|&other| other != member);
        let mut root = member;
        while let Some(other) = above(self, root) {
            root = other;
        }
        // Everybody on the way has it shorter the next time.
        let mut left = Some(member);
        while let Some(member) = left {
            left = above(self, member);
            self.0.insert(member, root);
        }
        root
    }

    /// All of these belong together.
    pub(super) fn join(&mut self, members: impl IntoIterator<Item = T>) {
        let mut one: Option<T> = None;
        for member in members {
            let root = self.root(member);
            let with = *one.get_or_insert(root);
            self.0.insert(root, with);
        }
    }
}
