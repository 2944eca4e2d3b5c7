//! Files, connections and signals.

use landlock::{ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus, Scope};

/// Puts them out of reach, of this thread and of those that it will start.
pub(super) fn raise() -> Result<(), String> {
    // All that the newest kernels know; of an older one, what it has, which is then not the whole layer.
    let abi = ABI::V6;
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create);
    let status = rules.and_then(|rules| rules.restrict_self()).map_err(|error| error.to_string())?;
    match status.ruleset {
        RulesetStatus::FullyEnforced => Ok(()),
        RulesetStatus::PartiallyEnforced => {
            Err("the kernel has only part of it (it is whole since Linux 6.12)".to_owned())
        }
        RulesetStatus::NotEnforced => Err("the kernel does not have it".to_owned()),
    }
}
