//! Disjoint sets: members that are joined, directly or by others, make one group.

use std::collections::BTreeMap;

/// Disjoint sets: each member with another one of its group, the root with itself.
#[derive(Debug, Default)]
pub struct Groups<T>(BTreeMap<T, T>);

impl<T: Copy + Ord> Groups<T> {
    /// Makes an empty set of groups.
    pub fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Returns the member that stands for the group of a member.
    pub fn root(&mut self, member: T) -> T {
        let above = |groups: &Self, member| groups.0.get(&member).copied().filter(|&other| other != member);
        let mut root = member;
        while let Some(other) = above(self, root) {
            root = other;
        }
        // Every member on the way finds it sooner the next time.
        let mut left = Some(member);
        while let Some(member) = left {
            left = above(self, member);
            self.0.insert(member, root);
        }
        root
    }

    /// Joins the groups of all these members.
    pub fn join(&mut self, members: impl IntoIterator<Item = T>) {
        let mut one: Option<T> = None;
        for member in members {
            let root = self.root(member);
            let with = *one.get_or_insert(root);
            self.0.insert(root, with);
        }
    }
}
