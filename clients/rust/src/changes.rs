use crate::Error;
use std::sync::Arc;

/// A callback, and the glob of what it reads.
pub(crate) type Reader = (String, Arc<dyn Fn(&[String]) -> Result<(), Error> + Send + Sync>);

/// Has the paths read anew. Fails where one is named by no glob, with nothing read, and where a callback does.
pub(crate) fn tell(readers: &[Reader], paths: &[String]) -> Result<(), Error> {
    if let Some(path) = paths.iter().find(|path| !readers.iter().any(|(glob, _)| names(glob, path))) {
        return Err(format!("No callback names {path:?}").into());
    }
    for (glob, read) in readers {
        let own: Vec<String> = paths.iter().filter(|path| names(glob, path)).cloned().collect();
        if !own.is_empty() {
            read(&own)?;
        }
    }
    Ok(())
}

/// Whether a glob in .gitignore syntax names a path from the working directory: without a slash by its name, else from
/// there; a folder names all that is in it.
fn names(glob: &str, path: &str) -> bool {
    let from = if glob.strip_suffix('/').unwrap_or(glob).contains('/') { "" } else { "**/" };
    let below = if glob.ends_with('/') { "**" } else { "" };
    let glob = glob.strip_prefix("./").or(glob.strip_prefix('/')).unwrap_or(glob);
    let glob = format!("{from}{glob}{below}");
    matches(&glob.split('/').collect::<Vec<_>>(), &path.split('/').collect::<Vec<_>>())
}

fn matches(glob: &[&str], path: &[&str]) -> bool {
    match (glob, path) {
        ([], _) => true,
        (_, []) => false,
        (["**", rest @ ..], [_, deeper @ ..]) if !rest.is_empty() => matches(rest, path) || matches(glob, deeper),
        ([first, rest @ ..], [name, deeper @ ..]) => is_like(first, name) && matches(rest, deeper),
    }
}

/// Whether a glob without a slash names that.
fn is_like(glob: &str, name: &str) -> bool {
    let mut rest = glob.chars();
    let is_then = |rest: &str, is_right: &dyn Fn(char) -> bool| {
        let mut chars = name.chars();
        chars.next().is_some_and(is_right) && is_like(rest, chars.as_str())
    };
    match rest.next() {
        None => name.is_empty(),
        Some('*') => is_like(rest.as_str(), name) || is_then(glob, &|_| true),
        Some('?') => is_then(rest.as_str(), &|_| true),
        Some('[') => match class(rest.as_str()) {
            Some((rest, is_in)) => is_then(rest, &is_in),
            None => is_then(rest.as_str(), &|char| char == '['),
        },
        Some('\\') => rest.next().is_some_and(|escaped| is_then(rest.as_str(), &|char| char == escaped)),
        Some(plain) => is_then(rest.as_str(), &|char| char == plain),
    }
}

/// What follows a class, and what is in it, of what is behind its bracket; None where it has no end.
fn class(inside: &str) -> Option<(&str, impl Fn(char) -> bool)> {
    let members = inside.strip_prefix(['!', '^']).unwrap_or(inside);
    let is_negated = members != inside;
    let (end, _) = members.char_indices().skip(1).find(|(_, char)| *char == ']')?;
    let (members, rest) = (members[..end].chars().collect::<Vec<_>>(), &members[end + 1..]);
    let is_in = move |char| {
        let in_range = members.windows(3).any(|range| range[1] == '-' && (range[0]..=range[2]).contains(&char));
        (members.contains(&char) || in_range) != is_negated
    };
    Some((rest, is_in))
}

#[test]
fn globs_name_what_they_do_in_gitignore() {
    use crate::json::{field, items, text, texts};
    // The table that all clients are held to.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/support/globs.json");
    let Ok(table) = std::fs::read_to_string(path) else { return }; // It is in baton's repository.
    for each in items(&table, ['[', ']']).expect("a list") {
        let glob = field(each, "glob").and_then(text).expect("a glob");
        let wrong = |key, wanted| {
            let paths = field(each, key).map(texts).expect("paths");
            paths.into_iter().filter(|path| names(&glob, path) != wanted).collect::<Vec<_>>()
        };
        assert_eq!((wrong("names", true), wrong("other", false)), (vec![], vec![]), "{glob}");
    }
}
