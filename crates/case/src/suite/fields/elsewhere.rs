use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, Visitor};

use super::CaseRow;

/// A case of a list that comes from elsewhere: fields that are not known here are passed over.
pub(in crate::suite) struct CaseFromElsewhere(pub(in crate::suite) CaseRow);

impl<'de> Deserialize<'de> for CaseFromElsewhere {
    fn deserialize<D: Deserializer<'de>>(row: D) -> Result<CaseFromElsewhere, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = CaseFromElsewhere;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a case: an object with args and expected")
            }

            fn visit_map<A: MapAccess<'de>>(self, row: A) -> Result<CaseFromElsewhere, A::Error> {
                CaseRow::deserialize(MapAccessDeserializer::new(Known(row))).map(CaseFromElsewhere)
            }
        }

        row.deserialize_map(Reader)
    }
}

/// The fields of an object that a case has.
struct Known<A>(A);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Known<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.0.next_key::<String>()? {
            if CaseRow::FIELDS.contains(&name.as_str()) {
                return seed.deserialize(name.into_deserializer()).map(Some);
            }
            self.0.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(seed)
    }
}
