use std::borrow::Cow;
use std::fmt;

/// A JavaScript string: a sequence of UTF-16 code units, which need not be well-formed.
///
/// ```
/// use deem_case::JsString;
///
/// let well_formed = JsString::from("h\u{e9}");
/// assert_eq!(well_formed.as_str(), Some("h\u{e9}"));
/// let lone_surrogate = JsString::from_utf16(vec![0x68, 0xd800]);
/// assert_eq!(lone_surrogate.as_str(), None);
/// assert_eq!(lone_surrogate.to_utf16(), [0x68, 0xd800]);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JsString(Units);

// `Ill` holds a lone surrogate, always: so equal strings have equal representations, and equality can be derived.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Units {
    Well(Box<str>),
    Ill(Box<[u16]>),
}

impl JsString {
    /// The string with these code units.
    pub fn from_utf16(units: Vec<u16>) -> JsString {
        match String::from_utf16(&units) {
            Ok(string) => string.into(),
            Err(_) => JsString(Units::Ill(units.into())),
        }
    }

    /// The string with these Latin-1 code units.
    pub fn from_latin1(units: &[u8]) -> JsString {
        match std::str::from_utf8(units) {
            Ok(ascii) if units.is_ascii() => ascii.into(),
            _ => units.iter().map(|&unit| char::from(unit)).collect::<String>().into(),
        }
    }

    /// The text, unless it contains a lone surrogate.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Units::Well(string) => Some(string),
            Units::Ill(_) => None,
        }
    }

    /// The text with each lone surrogate replaced by U+FFFD.
    pub fn to_text(&self) -> Cow<'_, str> {
        match &self.0 {
            Units::Well(string) => Cow::Borrowed(string),
            Units::Ill(units) => Cow::Owned(String::from_utf16_lossy(units)),
        }
    }

    /// How many bytes of memory its code units take.
    pub(crate) fn memory(&self) -> usize {
        match &self.0 {
            Units::Well(string) => string.len(),
            Units::Ill(units) => size_of_val::<[u16]>(units),
        }
    }

    /// The code units.
    pub fn to_utf16(&self) -> Vec<u16> {
        match &self.0 {
            Units::Well(string) => string.encode_utf16().collect(),
            Units::Ill(units) => units.to_vec(),
        }
    }
}

impl From<&str> for JsString {
    fn from(string: &str) -> JsString {
        JsString(Units::Well(string.into()))
    }
}

impl From<String> for JsString {
    fn from(string: String) -> JsString {
        JsString(Units::Well(string.into()))
    }
}

impl fmt::Debug for JsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Units::Well(string) => fmt::Debug::fmt(string, f),
            Units::Ill(units) => write!(f, "utf16{units:04x?}"),
        }
    }
}
