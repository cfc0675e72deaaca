//! As much of JSON as the pipe needs.

use std::collections::HashMap;

#[derive(Debug, Default, PartialEq)]
pub(crate) enum Json {
    #[default]
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(HashMap<String, Json>),
}

impl Json {
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        match self.get(key) {
            Some(Json::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        match self.get(key) {
            Some(Json::List(list)) => list
                .iter()
                .filter_map(|each| {
                    if let Json::Text(text) = each {
                        Some(text.clone())
                    } else {
                        None
                    }
                })
                .collect(),
            _ => vec![],
        }
    }

    fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(fields) => fields.get(key),
            _ => None,
        }
    }

    /// None where it is not JSON, all of it.
    pub(crate) fn parse(text: &str) -> Option<Json> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let value = reader.value()?;
        reader.space();
        (reader.at == text.len()).then_some(value)
    }
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

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        let is_next = self.rest().starts_with(token);
        self.at += if is_next { token.len() } else { 0 };
        is_next
    }

    fn value(&mut self) -> Option<Json> {
        self.depth += 1;
        if self.depth > 100 {
            return None;
        }
        let value = if self.take("{") {
            Json::Object(
                self.items("}", |own| {
                    let key = own.string()?;
                    own.take(":").then_some(())?;
                    Some((key, own.value()?))
                })?
                .into_iter()
                .collect(),
            )
        } else if self.take("[") {
            Json::List(self.items("]", Self::value)?)
        } else if self.take("null") {
            Json::Null
        } else if self.take("true") {
            Json::Bool(true)
        } else if self.take("false") {
            Json::Bool(false)
        } else if self.rest().starts_with('"') {
            Json::Text(self.string()?)
        } else {
            let digits = |char: char| !matches!(char, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
            let end = self.rest().find(digits).unwrap_or(self.rest().len());
            let number = self.rest()[..end].parse().ok()?;
            self.at += end;
            Json::Number(number)
        };
        self.depth -= 1;
        Some(value)
    }

    fn items<T>(&mut self, end: &str, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = vec![];
        while !self.take(end) {
            if !items.is_empty() && !self.take(",") {
                return None;
            }
            items.push(item(self)?);
        }
        Some(items)
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"").then_some(())?;
        let mut units: Vec<u16> = vec![];
        loop {
            let char = self.rest().chars().next().filter(|&char| char >= ' ')?;
            self.at += char.len_utf8();
            match char {
                '"' => return String::from_utf16(&units).ok(),
                '\\' => units.push(self.escaped()?),
                _ => units.extend(char.encode_utf16(&mut [0; 2]).iter()),
            }
        }
    }

    fn escaped(&mut self) -> Option<u16> {
        let char = self.rest().chars().next()?;
        self.at += char.len_utf8();
        let plain = match char {
            'u' => {
                let unit = u16::from_str_radix(self.rest().get(..4)?, 16).ok()?;
                self.at += 4;
                return Some(unit);
            }
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            '"' | '\\' | '/' => char,
            _ => return None,
        };
        Some(plain as u16)
    }
}

#[test]
fn reads_json_and_nothing_else() {
    let text = r#" {"a":[1,-2.5e1,true,null,{}],"b":"\"\u00e9\ud83d\ude00é\n"} "#;
    let Some(Json::Object(fields)) = Json::parse(text) else {
        panic!("not read")
    };
    assert_eq!(fields["b"], Json::Text("\"é😀é\n".into()));
    let Json::List(list) = &fields["a"] else {
        panic!("no list")
    };
    assert_eq!((list.len(), &list[1]), (5, &Json::Number(-25.0)));
    for torn in [
        "junk",
        "{\"a\":1",
        "[1,]",
        "{\"a\" 1}",
        "\"\\ud800\"",
        "1 2",
        "",
        "[1 2]",
    ] {
        assert_eq!(Json::parse(torn), None, "{torn}");
    }
    assert_eq!(
        Json::parse(&quoted("\"\\\u{1}é")),
        Some(Json::Text("\"\\\u{1}é".into()))
    );
}
