//! The second wall: what a worker may ask of the kernel, should its code get out of V8.
//!
//! Each layer holds by itself, and is proven by itself (see [`Proof`](crate::Proof)). The order is the kernel's: namespaces and
//! files while there is one thread, system calls last, for raising the others takes some that are then not allowed.

mod landlock;
mod namespaces;
mod seccomp;

use std::fmt;

use serde::{Deserialize, Serialize};

/// What stands between a worker and the kernel's services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layer {
    /// A network, mounts, message queues and names of its own, in a user namespace without capabilities. Many systems and
    /// containers do not allow it to ordinary users: it is the only layer that may be missing under [`Walls::All`].
    Namespaces,
    /// No files by name, no connections, no signals to others: Landlock, of Linux 5.13, whole since 6.12. Where a kernel has a part of
    /// it, that is enough for [`Walls::All`]: no version lets a worker open a file, and seccomp holds the rest.
    Landlock,
    /// No system calls but those of a running program that computes: seccomp, by a list of what is allowed.
    Seccomp,
}

impl Layer {
    /// All of them, in the order in which a worker raises them.
    pub const ALL: [Layer; 3] = [Layer::Namespaces, Layer::Landlock, Layer::Seccomp];

    /// Whether [`Walls::All`] does without where the system does not have it.
    pub fn is_optional(self) -> bool {
        self == Layer::Namespaces
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Layer::Namespaces => "namespaces",
            Layer::Landlock => "Landlock",
            Layer::Seccomp => "seccomp",
        })
    }
}

/// How much of the wall there must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Walls {
    /// Every [`Layer`] that is not optional: where the kernel has not got one, no worker starts. The default.
    #[default]
    All,
    /// Those that the kernel has; [`Sandbox::missing`](crate::Sandbox::missing) says which it has not.
    AsPossible,
}

impl Walls {
    /// # Errors
    /// If a layer is missing that there must be: says which, and what to do.
    pub(crate) fn suffice(self, missing: &[MissingLayer]) -> Result<(), String> {
        match (self, missing.iter().find(|missing| !missing.layer.is_optional() && !missing.is_partial)) {
            (Walls::All, Some(missing)) => Err(format!("{missing}; Walls::AsPossible does without")),
            _ => Ok(()),
        }
    }
}

/// A layer that a worker does not have, or not all of it, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingLayer {
    /// Which.
    pub layer: Layer,
    /// Whether it has a part of it.
    pub is_partial: bool,
    /// What the kernel said.
    pub why: String,
}

impl fmt::Display for MissingLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = if self.is_partial { "a part of " } else { "" };
        write!(f, "{part}{}, of the second wall: {}", self.layer, self.why)
    }
}

/// Raises those of these layers that must be up before there is a second thread, and says which could not be.
pub(crate) fn raise_before_threads(layers: &[Layer]) -> Vec<MissingLayer> {
    let namespaces = || namespaces::raise().map(|()| None);
    raise(layers, &[(Layer::Namespaces, namespaces), (Layer::Landlock, landlock::raise)])
}

/// Raises those of these layers that must be up before there is code to run: for all threads.
pub(crate) fn raise_before_code(layers: &[Layer]) -> Vec<MissingLayer> {
    raise(layers, &[(Layer::Seccomp, || seccomp::raise().map(|()| None))])
}

/// Raises a layer, or says why it cannot be, or why only a part of it can.
type Raise = fn() -> Result<Option<String>, String>;

fn raise(wanted: &[Layer], all: &[(Layer, Raise)]) -> Vec<MissingLayer> {
    let wanted = all.iter().filter(|(layer, _)| wanted.contains(layer));
    let missing = |&(layer, raise): &(Layer, Raise)| match raise() {
        Ok(why) => Some(MissingLayer { layer, is_partial: true, why: why? }),
        Err(why) => Some(MissingLayer { layer, is_partial: false, why }),
    };
    wanted.filter_map(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_layer_is_an_error_unless_less_is_accepted() {
        let missing =
            |layer| [MissingLayer { layer, is_partial: false, why: "the kernel does not have it".to_owned() }];
        let why = Walls::All.suffice(&missing(Layer::Landlock)).unwrap_err();
        assert_eq!(why, "Landlock, of the second wall: the kernel does not have it; Walls::AsPossible does without");
        assert_eq!(Walls::AsPossible.suffice(&missing(Layer::Landlock)), Ok(()));
        assert_eq!(Walls::All.suffice(&missing(Layer::Namespaces)), Ok(()));
        assert_eq!(Walls::All.suffice(&[]), Ok(()));
        let [part] = missing(Layer::Landlock).map(|missing| MissingLayer { is_partial: true, ..missing });
        assert_eq!(part.to_string(), "a part of Landlock, of the second wall: the kernel does not have it");
        assert_eq!(Walls::All.suffice(&[part]), Ok(()));
    }
}
