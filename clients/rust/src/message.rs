//! As much of JSON as the pipe needs: texts and numbers of objects that hold no other object.

/// What follows a backslash, and what it stands for.
const ESCAPES: (&str, &[u8]) = ("\"\\/bfnrt", b"\"\\/\x08\x0c\n\r\t");

/// A text of an object.
pub(crate) fn text(object: &str, key: &str) -> Option<String> {
    let mut rest = after(object, key)?.strip_prefix('"')?;
    let mut units = vec![]; // of UTF-16, as JSON escapes it
    loop {
        let (plain, end) = rest.split_at(rest.find(['"', '\\'])?);
        units.extend(plain.encode_utf16());
        let Some(escape) = end.strip_prefix('\\') else { return String::from_utf16(&units).ok() };
        let (unit, more) = match escape.strip_prefix('u') {
            Some(code) => (u16::from_str_radix(code.get(..4)?, 16).ok()?, &code[4..]),
            None => (ESCAPES.1[ESCAPES.0.find(escape.chars().next()?)?].into(), &escape[1..]),
        };
        units.push(unit);
        rest = more;
    }
}

/// A number of an object, without its fraction.
pub(crate) fn number(object: &str, key: &str) -> Option<u64> {
    after(object, key)?.split(|char: char| !char.is_ascii_digit()).next()?.parse::<u32>().ok().map(u64::from)
}

/// What follows a key. In a text its quotes would be escaped.
fn after<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let inside = object.trim().strip_prefix('{')?.strip_suffix('}')?;
    inside.split(&quoted(key)).skip(1).find_map(|rest| rest.trim_start().strip_prefix(':')).map(str::trim_start)
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
    let json = r#" {"odd" : [1 ,"]","b","\\"],"ab":"x \"n\": y", "b" :"\"\u00e9\ud83d\ude00é,\n\\n\/\t" , "n":25, "c":null } "#;
    assert_eq!(text(json, "b").as_deref(), Some("\"é😀é,\n\\n/\t"));
    assert_eq!((number(json, "n"), text(json, "n"), text(json, "c")), (Some(25), None, None));
    for torn in ["junk", "", "{", "1", "[\"a\"]", "{\"a\":\"b\"", "{\"a\":\"b}", "{\"a\":\"\\\"}", "{\"a\" \"b\"}"] {
        assert_eq!(text(torn, "a"), None, "{torn}");
    }
    for torn in ["\"\\u12\"", "\"\\ud800\"", "\"\\u00é0\"", "\"\\é\"", "\"\\x\"", "-1", "99999999999", "null", "\""] {
        let object = format!("{{\"a\":{torn}}}");
        assert_eq!((text(&object, "a"), number(&object, "a")), (None, None), "{torn}");
    }
    assert_eq!(text(&format!("{{\"a\":{}}}", quoted("\"\\\u{1}é")), "a").as_deref(), Some("\"\\\u{1}é"));
}
