//! What a file is recognised by: the names in its first record.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The names in the object that this is, or that is the first of this array; in a `.jsonl`, in the first line. Those of objects in
/// it are `outer.inner`.
///
/// Where the JSON is broken, these are the names before that: so the reader of the format that it is nearly in can say what is
/// wrong.
pub(super) fn names(file: &Path, text: &str) -> HashSet<String> {
    let text = if super::json::has_lines(file) {
        text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
    } else {
        text
    };
    let names = RefCell::new(HashSet::new());
    let mut reader = serde_json::Deserializer::from_str(super::json::begin(text));
    // An error ends it, and there is nothing to be said of that here.
    let _ = Seeker { within: "", names: &names }.deserialize(&mut reader);
    names.into_inner()
}

struct Seeker<'n> {
    /// The name of what this is in, with a dot.
    within: &'n str,
    names: &'n RefCell<HashSet<String>>,
}

impl<'de> DeserializeSeed<'de> for Seeker<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seeker<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            self.names.borrow_mut().insert(format!("{}{name}", self.within));
            if self.within.is_empty() {
                map.next_value_seed(Seeker { within: &format!("{name}."), names: self.names })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        if self.within.is_empty() {
            array.next_element_seed(Seeker { within: "", names: self.names })?;
        }
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}
