//! As much of JSON as the pipe needs: objects of texts and numbers. What else is in them is passed over.

use crate::Error;

/// A text of an object; fails where it has none, as what is no object has.
pub(crate) fn text(object: &str, key: &str) -> Result<String, Error> {
    let value = field(object, key).and_then(unquoted);
    value.ok_or_else(|| format!("The line is no object in JSON with a text {key:?}").into())
}

/// A field of an object, as it stands there.
pub(crate) fn field<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let inside = object.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (mut depth, mut is_text, mut is_escaped) = (0, false, false);
    let is_between = |char| {
        is_text ^= char == '"' && !is_escaped;
        is_escaped = char == '\\' && !is_escaped;
        depth += if is_text { 0 } else { i32::from("{[".contains(char)) - i32::from("]}".contains(char)) };
        char == ',' && depth == 0 && !is_text
    };
    let fields: Vec<_> = inside.split(is_between).collect();
    let value = |field: &'a str| field.trim().strip_prefix(&quoted(key))?.trim_start().strip_prefix(':').map(str::trim);
    fields.into_iter().find_map(value).filter(|_| depth == 0 && !is_text)
}

fn unquoted(json: &str) -> Option<String> {
    let mut text = json.strip_prefix('"')?.strip_suffix('"')?.to_string();
    // Every escape is made a long one. That of a backslash comes first: what follows it is not escaped.
    for (short, char) in "\\\"/bfnrt".chars().zip("\\\"/\u{8}\u{c}\n\r\t".chars()) {
        text = text.replace(&format!("\\{short}"), &format!("\\u{:04x}", char as u32));
    }
    let mut parts = text.split("\\u");
    let mut units: Vec<u16> = parts.next()?.encode_utf16().collect();
    for part in parts {
        let (code, rest) = part.split_at_checked(4)?;
        units.push(u16::from_str_radix(code, 16).ok()?);
        units.extend(rest.encode_utf16());
    }
    String::from_utf16(&units).ok()
}

/// A text as JSON has it, cut where it is longer than people read.
pub(crate) fn quoted(text: impl ToString) -> String {
    let escaped = |char: char| match char {
        '"' | '\\' | '\0'..='\u{1f}' => format!("\\u{:04x}", char as u32),
        _ => char.into(),
    };
    format!("\"{}\"", text.to_string().chars().take(4_000).map(escaped).collect::<String>())
}

#[test]
fn reads_what_it_is_asked_for() {
    let json = r#" {"odd" : [1 ,{"b":["]"],"c":[]},"x\\"],"b" :"\"\u00e9\ud83d\ude00é,\n\\n\\", "n":-2.5e1} "#;
    assert_eq!(text(json, "b").ok().as_deref(), Some("\"é😀é,\n\\n\\"));
    assert_eq!((field(json, "n"), field(json, "c")), (Some("-2.5e1"), None));
    let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
    for torn in ["junk", "{\"a\":1", "{\"a\":[}", "{\"a\":\"}", "{\"a\":\"\\\"}", "", "{", "1", "[\"a\"]", &deep] {
        assert_eq!(field(torn, "a"), None, "{torn:.20}");
    }
    for torn in ["\"", "a", "\"\\u12\"", "\"\\ud800\"", "null", "\"\\u00é0\""] {
        assert_eq!(unquoted(torn), None, "{torn}");
    }
    assert_eq!(unquoted(&quoted("\"\\\u{1}é")).as_deref(), Some("\"\\\u{1}é"));
}
