//! JavaScript's literals, out of the middle of a program. JSON5 would do for most of them, but not for `undefined`, which
//! translated tests are full of, and it says nothing of where a literal ends.

use crate::{JsString, Value};

/// How deeply literals may nest here: deeper than anybody writes.
const DEPTH: usize = 128;

/// What a line begins with that goes on with the statement of the last one.
const GOES_ON: [char; 16] = ['.', '(', '[', '`', '+', '-', '*', '/', '%', '=', '<', '>', '&', '|', '?', ','];

/// A program, and how much of it has been read.
#[derive(Clone)]
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        Reader { text, at: 0 }
    }

    /// What is left, from the next token on.
    pub(super) fn rest(&mut self) -> &'t str {
        loop {
            let rest = &self.text[self.at..];
            let after = rest.trim_start();
            self.at += rest.len() - after.len();
            let comment = if after.starts_with("//") {
                after.find('\n')
            } else if after.starts_with("/*") {
                after.find("*/").map(|end| end + 2)
            } else {
                return after;
            };
            self.at += comment.unwrap_or(after.len());
        }
    }

    /// The line of the next token, from 1.
    pub(super) fn line(&mut self) -> usize {
        self.rest();
        self.text[..self.at].matches('\n').count() + 1
    }

    /// Passes the next token if it is this one.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    pub(super) fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(self.unexpected(&format!("`{token}`"))) }
    }

    /// Passes the end of a statement: a semicolon, or that of the line, where the next does not go on with it.
    pub(super) fn end(&mut self) -> Result<(), String> {
        let line = self.text[self.at..].trim_start_matches([' ', '\t', '\r']);
        let ends_line = line.is_empty() || ["\n", "//", "}"].iter().any(|end| line.starts_with(end));
        if self.eat(";") || (ends_line && !self.rest().starts_with(GOES_ON)) {
            return Ok(());
        }
        Err(self.unexpected("the end of the statement"))
    }

    /// The name that comes next; empty where there is none.
    pub(super) fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        let word = if rest.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &rest[..end] };
        self.at += word.len();
        word
    }

    /// Passes what is left of the line, and returns it.
    pub(super) fn skip_line(&mut self) -> &'t str {
        let rest = self.rest();
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        self.at += line.len();
        line.trim_end()
    }

    /// The literal that comes next.
    pub(super) fn literal(&mut self) -> Result<Value, String> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEPTH {
            return Err(format!("nested deeper than {DEPTH} levels"));
        }
        match self.rest().chars().next() {
            Some('[') => self.array(depth).map(Value::Array),
            Some('{') => self.object(depth),
            Some(quote @ ('"' | '\'' | '`')) => self.string(quote).map(Value::String),
            Some(sign @ ('-' | '+')) => {
                self.expect(&sign.to_string())?;
                match self.nested(depth + 1)? {
                    Value::Number(number) => Ok(Value::Number(if sign == '-' { -number } else { number })),
                    Value::BigInt(number) if sign == '-' => Ok(Value::BigInt(-number)),
                    _ => Err(format!("`{sign}` before what is not a number")),
                }
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            _ => self.named(depth),
        }
    }

    fn named(&mut self, depth: usize) -> Result<Value, String> {
        let before = self.clone();
        Ok(match self.word() {
            "undefined" => Value::Undefined,
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "NaN" => Value::Number(f64::NAN),
            "Infinity" => Value::Number(f64::INFINITY),
            "new" => {
                let class = self.word();
                self.expect("(")?;
                let members = if self.rest().starts_with(')') { Vec::new() } else { self.array(depth + 1)? };
                self.expect(")")?;
                collection(class, members)
                    .ok_or_else(|| format!("`new {class}` of this is not a literal that is known"))?
            }
            _ => {
                *self = before;
                return Err(self.unexpected("a literal"));
            }
        })
    }

    /// The elements of an array; `None` is a hole.
    fn array(&mut self, depth: usize) -> Result<Vec<Option<Value>>, String> {
        self.expect("[")?;
        let mut elements = Vec::new();
        while !self.eat("]") {
            if self.eat(",") {
                elements.push(None);
                continue;
            }
            elements.push(Some(self.nested(depth + 1)?));
            if !self.eat(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(elements)
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.expect("{")?;
        let mut properties: Vec<(JsString, Value)> = Vec::new();
        while !self.eat("}") {
            let name: JsString = match self.rest().chars().next() {
                Some(quote @ ('"' | '\'')) => self.string(quote)?,
                Some(c) if c.is_ascii_digit() => match self.number()? {
                    // As JavaScript writes it, so long as that is without an exponent.
                    Value::Number(number) if number < 1e15 => number.to_string().into(),
                    _ => return Err("a name that is no small number".into()),
                },
                _ => match self.word() {
                    "" | "__proto__" => return Err(self.unexpected("a property's name")),
                    word => word.into(),
                },
            };
            self.expect(":")?;
            let value = self.nested(depth + 1)?;
            match properties.iter_mut().find(|(known, _)| *known == name) {
                Some(property) => property.1 = value,
                None => properties.push((name, value)),
            }
            if !self.eat(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Value::Object(properties))
    }

    fn number(&mut self) -> Result<Value, String> {
        let rest = self.rest();
        let mut end = 0;
        for (at, c) in rest.char_indices() {
            // A sign goes on with a number only after its exponent's letter.
            let signed = matches!(c, '+' | '-') && rest[..at].ends_with(['e', 'E']) && !rest.starts_with("0x");
            if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || signed) {
                break;
            }
            end = at + c.len_utf8();
        }
        let text = rest[..end].replace('_', "");
        let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(|number| number as f64);
        let number = match text.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("0x") => radix(&text[2..], 16),
            Some("0o") => radix(&text[2..], 8),
            Some("0b") => radix(&text[2..], 2),
            _ if text.ends_with('n') => {
                let number = text[..text.len() - 1].parse().map_err(|_| self.unexpected("a number"))?;
                self.at += end;
                return Ok(Value::BigInt(number));
            }
            // Rust reads names as numbers, too (`inf`), but those begin otherwise.
            _ => text.parse().ok(),
        };
        let number = number.ok_or_else(|| self.unexpected("a number"))?;
        self.at += end;
        Ok(Value::Number(number))
    }

    fn string(&mut self, quote: char) -> Result<JsString, String> {
        let unended = || format!("a string without its closing {quote}");
        let mut units = Vec::new();
        let text = self.rest();
        let mut chars = text[1..].chars();
        loop {
            match chars.next().ok_or_else(unended)? {
                c if c == quote => break,
                '\\' => escape(&mut chars, &mut units).ok_or("an escape in a string that is none")?,
                '\n' if quote != '`' => return Err(unended()),
                '$' if quote == '`' && chars.as_str().starts_with('{') => {
                    return Err("a template with an expression in it is not a literal".into());
                }
                c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
        self.at += text.len() - chars.as_str().len();
        Ok(JsString::from_utf16(units))
    }

    fn unexpected(&mut self, expected: &str) -> String {
        match self.rest().split([' ', '\n']).next().unwrap_or_default() {
            "" => format!("expected {expected}, got the end"),
            word => format!("expected {expected}, got {:?}", word.chars().take(20).collect::<String>()),
        }
    }
}

/// What `new Map([..])` and `new Set([..])` are, as far as their members are told apart by what they look like.
fn collection(class: &str, members: Vec<Option<Value>>) -> Option<Value> {
    let members = members.into_iter().collect::<Option<Vec<_>>>()?;
    match class {
        "Set" => Some(Value::Set(distinct(members, |member| member))),
        "Map" => {
            let pair = |member| match member {
                Value::Array(pair) => match <[Option<Value>; 2]>::try_from(pair) {
                    Ok([Some(key), Some(value)]) => Some((key, value)),
                    _ => None,
                },
                _ => None,
            };
            let entries = members.into_iter().map(pair).collect::<Option<Vec<_>>>()?;
            let count = entries.len();
            let entries = distinct(entries, |(key, _)| key);
            // The value of a key that occurs twice is the last one; nobody writes that.
            (entries.len() == count).then_some(Value::Map(entries))
        }
        _ => None,
    }
}

/// The items without those whose key is a primitive that was met before. Objects differ from each other.
fn distinct<T>(items: Vec<T>, key: impl Fn(&T) -> &Value) -> Vec<T> {
    let mut distinct: Vec<T> = Vec::new();
    for item in items {
        if key(&item).is_object() || !distinct.iter().any(|known| key(known) == key(&item)) {
            distinct.push(item);
        }
    }
    distinct
}

/// The code units of an escape, after its backslash.
fn escape(chars: &mut std::str::Chars<'_>, units: &mut Vec<u16>) -> Option<()> {
    let mut hex = |chars: &mut std::str::Chars<'_>, digits: usize| {
        let text = chars.as_str().get(..digits)?;
        let unit = text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(text, 16).ok())??;
        *chars = chars.as_str()[digits..].chars();
        units.push(unit);
        Some(())
    };
    let c = match chars.next()? {
        'x' => return hex(chars, 2),
        'u' if !chars.as_str().starts_with('{') => return hex(chars, 4),
        'u' => {
            let (digits, rest) = chars.as_str()[1..].split_once('}')?;
            *chars = rest.chars();
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
        }
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '0' if !chars.as_str().starts_with(|c: char| c.is_ascii_digit()) => '\0',
        '0'..='9' => return None,
        '\n' => return Some(()),
        c => c,
    };
    units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
    Some(())
}
