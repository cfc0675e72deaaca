//! As much of JSON as the pipe needs.

#[derive(Debug, PartialEq)]
pub(crate) enum Json {
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
    /// Null, true or false.
    Other,
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
        let Some(Json::List(list)) = self.get(key) else { return vec![] };
        let text = |each: &Json| if let Json::Text(text) = each { Some(text.clone()) } else { None };
        list.iter().filter_map(text).collect()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        let Json::Object(fields) = self else { return None };
        fields.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// None where it is not JSON, all of it.
    pub(crate) fn parse(text: &str) -> Option<Json> {
        let mut reader = Reader { rest: text, depth: 0 };
        let value = reader.value()?;
        reader.rest.trim_start().is_empty().then_some(value)
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
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn value(&mut self) -> Option<Json> {
        self.depth += 1;
        let value = if self.depth > 100 {
            return None;
        } else if self.take("{") {
            Json::Object(self.items("}", |own| {
                let key = own.take("\"").then(|| own.string())??;
                own.take(":").then(|| Some((key, own.value()?)))?
            })?)
        } else if self.take("[") {
            Json::List(self.items("]", Self::value)?)
        } else if self.take("\"") {
            Json::Text(self.string()?)
        } else if self.take("null") || self.take("true") || self.take("false") {
            Json::Other
        } else {
            self.rest = self.rest.trim_start();
            let is_other = |char: char| !matches!(char, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
            let (number, rest) = self.rest.split_at(self.rest.find(is_other).unwrap_or(self.rest.len()));
            self.rest = rest;
            Json::Number(number.parse().ok()?)
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

    /// What follows the quotation mark, up to the next.
    fn string(&mut self) -> Option<String> {
        let mut units: Vec<u16> = vec![];
        loop {
            let char = self.char().filter(|&char| char >= ' ')?;
            let plain = match char {
                '"' => return String::from_utf16(&units).ok(),
                '\\' => match self.char()? {
                    'u' => {
                        let (hex, rest) = (self.rest.get(..4)?, self.rest.get(4..)?);
                        units.push(u16::from_str_radix(hex, 16).ok()?);
                        self.rest = rest;
                        continue;
                    }
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    escaped @ ('"' | '\\' | '/') => escaped,
                    _ => return None,
                },
                _ => char,
            };
            units.extend(plain.encode_utf16(&mut [0; 2]).iter());
        }
    }

    fn char(&mut self) -> Option<char> {
        let char = self.rest.chars().next()?;
        self.rest = &self.rest[char.len_utf8()..];
        Some(char)
    }
}

#[test]
fn reads_json_and_nothing_else() {
    let text = r#" {"a" : [1 ,-2.5e1,true,null,{}],"b":"\"\u00e9\ud83d\ude00é\n", "c":[ "x" ]} "#;
    let read = Json::parse(text).expect("it is JSON");
    assert_eq!((read.text("b"), read.texts("c")), (Some("\"é😀é\n"), vec!["x".to_string()]));
    let Some(Json::List(list)) = read.get("a") else { panic!("no list") };
    assert_eq!((list.len(), &list[1]), (5, &Json::Number(-25.0)));
    let deep = "[".repeat(1_000_000);
    for torn in ["junk", "{\"a\":1", "[1,]", "{\"a\" 1}", "\"\\ud800\"", "1 2", "", "[1 2]", "\"\\u12", "{1:2}", &deep]
    {
        assert_eq!(Json::parse(torn), None, "{torn:.20}");
    }
    assert_eq!(Json::parse(&quoted("\"\\\u{1}é")), Some(Json::Text("\"\\\u{1}é".into())));
}
