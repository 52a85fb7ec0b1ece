//! JSON to write.

use std::fmt::Write;

/// A JSON value.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// A string.
    Text(String),
    /// A number.
    Number(f64),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order given.
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An array.
    pub fn list(items: impl IntoIterator<Item = Json>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// An object.
    pub fn object(members: impl IntoIterator<Item = (&'static str, Json)>) -> Self {
        Self::Object(members.into_iter().collect())
    }

    /// Without spaces.
    pub fn compact(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None);
        out
    }

    /// One value a line, indented by one space, as snarkjs writes its files.
    pub fn indented(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(0));
        out
    }

    fn write(&self, out: &mut String, depth: Option<usize>) {
        match self {
            Self::Text(text) => write_text(out, text),
            Self::Number(number) => write!(out, "{number}").expect("a string takes all"),
            Self::List(items) => write_members(out, depth, ['[', ']'], items, |out, item, depth| item.write(out, depth)),
            Self::Object(members) => write_members(out, depth, ['{', '}'], members, |out, (name, value), depth| {
                write_text(out, name);
                out.push_str(if depth.is_some() { ": " } else { ":" });
                value.write(out, depth);
            }),
        }
    }
}

fn write_members<T>(out: &mut String, depth: Option<usize>, brackets: [char; 2], members: &[T], write: impl Fn(&mut String, &T, Option<usize>)) {
    let line = |out: &mut String, depth: Option<usize>| {
        if let Some(depth) = depth {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', depth));
        }
    };
    out.push(brackets[0]);
    for (place, member) in members.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let inner = depth.map(|depth| depth + 1);
        line(out, inner);
        write(out, member, inner);
    }
    if !members.is_empty() {
        line(out, depth);
    }
    out.push(brackets[1]);
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if control < ' ' => write!(out, "\\u{:04x}", control as u32).expect("a string takes all"),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_values_as_snarkjs_does() {
        let value = Json::object([("a", Json::list([Json::text("1"), Json::list([])])), ("b", Json::Number(1.5))]);
        assert_eq!(value.compact(), r#"{"a":["1",[]],"b":1.5}"#);
        assert_eq!(value.indented(), "{\n \"a\": [\n  \"1\",\n  []\n ],\n \"b\": 1.5\n}");
    }

    #[test]
    fn escapes_what_json_forbids_in_strings() {
        assert_eq!(Json::text("a\"\\\n\u{1f}é").compact(), "\"a\\\"\\\\\\u000a\\u001fé\"");
    }
}
