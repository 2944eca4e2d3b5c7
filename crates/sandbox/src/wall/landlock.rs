//! Files, connections and signals.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr as _, RulesetStatus,
    Scope,
};

/// Puts them out of reach, of this thread and of those that it will start. What the kernel has only a part of is put out of reach as far
/// as it has it; then the text says what is not.
pub(super) fn raise() -> Result<Option<String>, String> {
    // All that the newest kernels know; of an older one, what it has.
    let status = restrict(ABI::V6)?;
    lacking(&status.ruleset, &status.landlock)
}

fn restrict(abi: ABI) -> Result<RestrictionStatus, String> {
    let mut rules = Ruleset::default().handle_access(AccessFs::from_all(abi));
    // The first versions have no networks, and no scopes: to ask for none of them is an error.
    if abi >= ABI::V4 {
        rules = rules.and_then(|rules| rules.handle_access(AccessNet::from_all(abi)));
    }
    if abi >= ABI::V6 {
        rules = rules.and_then(|rules| rules.scope(Scope::from_all(abi)));
    }
    let status = rules.and_then(Ruleset::create).and_then(|rules| rules.restrict_self());
    status.map_err(|error| error.to_string())
}

/// Every version keeps a worker from opening files. What later ones add, seccomp holds as well: it refuses every call by which a worker
/// could truncate a file, connect, or send a signal.
fn lacking(ruleset: &RulesetStatus, landlock: &LandlockStatus) -> Result<Option<String>, String> {
    match ruleset {
        RulesetStatus::FullyEnforced => Ok(None),
        RulesetStatus::PartiallyEnforced => {
            let version = match landlock {
                LandlockStatus::Available { effective_abi, .. } => format!(" {}", *effective_abi as i32),
                _ => String::new(),
            };
            Ok(Some(format!(
                "the kernel has version{version} of it, and it is whole since Linux 6.12, which has version 6"
            )))
        }
        RulesetStatus::NotEnforced => Err("the kernel does not have it".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_kernel_has_a_part_of_it_and_that_is_said() {
        let available = LandlockStatus::Available { effective_abi: ABI::V4, kernel_abi: None };
        let part = lacking(&RulesetStatus::PartiallyEnforced, &available).expect("a part is something");
        assert!(part.is_some_and(|why| why.starts_with("the kernel has version 4 of it")));
        assert_eq!(lacking(&RulesetStatus::FullyEnforced, &available), Ok(None));
        let none = lacking(&RulesetStatus::NotEnforced, &LandlockStatus::NotImplemented);
        assert_eq!(none, Err("the kernel does not have it".to_owned()));
    }

    #[test]
    fn its_first_version_keeps_files_out_of_reach() {
        let read = || std::fs::read_dir("/").map(drop).map_err(|error| error.kind());
        let inside = std::thread::spawn(move || (restrict(ABI::V1).map(|status| status.ruleset), read()));
        let (raised, inside) = inside.join().expect("it does not panic");
        assert_eq!(read(), Ok(()));
        match raised.expect("Landlock answers, if only that it is not there") {
            RulesetStatus::NotEnforced => assert_eq!(inside, Ok(()), "this kernel has no Landlock at all"),
            _ => assert_eq!(inside, Err(std::io::ErrorKind::PermissionDenied)),
        }
    }
}
