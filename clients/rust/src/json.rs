//! As much of JSON as the pipe needs: objects of texts, numbers and lists of texts. What else is in them is passed over.

/// The fields of an object, or the items of a list, as they stand there; None where that is not what it is.
pub(crate) fn items(json: &str, [open, close]: [char; 2]) -> Option<Vec<&str>> {
    let inside = json.trim().strip_prefix(open)?.strip_suffix(close)?;
    let (mut depth, mut is_text, mut is_escaped) = (0, false, false);
    let is_between = |char| {
        match char {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_text,
            '"' => is_text = !is_text,
            '{' | '[' if !is_text => depth += 1,
            '}' | ']' if !is_text => depth -= 1,
            _ => {}
        }
        char == ',' && depth == 0 && !is_text
    };
    let items = inside.split(is_between).map(str::trim).filter(|item| !item.is_empty()).collect();
    (depth == 0 && !is_text).then_some(items)
}

/// A field of an object.
pub(crate) fn field<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let value = |item: &'a str| item.strip_prefix(&quoted(name))?.trim_start().strip_prefix(':').map(str::trim);
    items(json, ['{', '}'])?.into_iter().find_map(value)
}

/// A list of texts; nothing where it is none.
pub(crate) fn texts(json: &str) -> Vec<String> {
    items(json, ['[', ']']).unwrap_or_default().into_iter().filter_map(text).collect()
}

pub(crate) fn text(json: &str) -> Option<String> {
    let mut chars = json.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut units: Vec<u16> = vec![];
    while let Some(char) = chars.next() {
        let plain = match char {
            '\\' => match chars.next()? {
                'u' => {
                    units.push(u16::from_str_radix(chars.as_str().get(..4)?, 16).ok()?);
                    chars.nth(3);
                    continue;
                }
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                escaped => escaped,
            },
            plain => plain,
        };
        units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
    }
    String::from_utf16(&units).ok()
}

/// A text as JSON has it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\0'..='\u{1f}' => quoted.push_str(&format!("\\u{:04x}", char as u32)),
            _ => quoted.push(char),
        }
    }
    quoted + "\""
}

#[test]
fn reads_what_it_is_asked_for() {
    let json = r#" {"odd" : [1 ,{"b":["]"],"c":[]},"x\\"],"b" :"\"\u00e9\ud83d\ude00é,\n\\", "c":[ "x" ,"y,\"" ],"n":-2.5e1} "#;
    assert_eq!(field(json, "b").and_then(text).as_deref(), Some("\"é😀é,\n\\"));
    assert_eq!(field(json, "c").map(texts), Some(vec!["x".into(), "y,\"".into()]));
    assert_eq!((field(json, "n"), field(json, "d")), (Some("-2.5e1"), None));
    let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
    for torn in ["junk", "{\"a\":1", "{\"a\":[}", "{\"a\":\"}", "{\"a\":\"\\\"}", "", "{", "1", "[\"a\"]", &deep] {
        assert_eq!(field(torn, "a"), None, "{torn:.20}");
    }
    for torn in ["\"", "a", "\"\\u12\"", "\"\\ud800\"", "\"\\\"", "null", "\"\\u00é0\""] {
        assert_eq!(text(torn), None, "{torn}");
    }
    assert_eq!(text(&quoted("\"\\\u{1}é")).as_deref(), Some("\"\\\u{1}é"));
}
