use crate::Error;
use std::sync::Arc;

/// A callback, and the glob of what it reads.
pub(crate) type Reader = (String, Arc<dyn Fn(&[String]) -> Result<(), Error> + Send + Sync>);

/// Has the paths read anew. Fails where one is named by no glob, and where a callback does.
pub(crate) fn tell(readers: &[Reader], paths: &[String]) -> Result<(), Error> {
    for (glob, read) in readers {
        let own: Vec<String> = paths.iter().filter(|path| names(glob, path)).cloned().collect();
        if !own.is_empty() {
            read(&own)?;
        }
    }
    match paths.iter().find(|path| !readers.iter().any(|(glob, _)| names(glob, path))) {
        Some(path) => Err(format!("No callback names {path:?}").into()),
        None => Ok(()),
    }
}

/// Whether a glob in .gitignore syntax names a path from the working directory: without a slash by its name, else from
/// there; a folder names all that is in it.
fn names(glob: &str, path: &str) -> bool {
    let pattern = glob.strip_suffix('/').unwrap_or(glob);
    let is_folder = pattern != glob;
    let is_anchored = pattern.contains('/');
    let pattern: Vec<char> =
        pattern.strip_prefix('.').filter(|rest| rest.starts_with('/')).unwrap_or(pattern).chars().collect();
    let pattern = pattern.strip_prefix(&['/']).unwrap_or(&pattern);
    let path: Vec<char> = path.chars().collect();
    let mut starts = (0..path.len()).filter(|&at| at == 0 || !is_anchored && path[at - 1] == '/');
    starts.any(|at| matches(pattern, &path[at..], is_folder))
}

fn matches(pattern: &[char], path: &[char], is_folder: bool) -> bool {
    let one = |count: usize, is_right: &dyn Fn(char) -> bool| match path {
        [first, rest @ ..] => is_right(*first) && matches(&pattern[count..], rest, is_folder),
        [] => false,
    };
    match pattern {
        [] => path.first() == Some(&'/') || path.is_empty() && !is_folder,
        ['*', '*', '/', rest @ ..] => {
            (0..=path.len()).any(|at| (at == 0 || path[at - 1] == '/') && matches(rest, &path[at..], is_folder))
        }
        ['/', '*', '*'] => path.first() == Some(&'/') && (!is_folder || path[1..].contains(&'/')),
        ['*', ..] => {
            let stars = pattern.iter().take_while(|&&char| char == '*').count();
            let longest = path.iter().take_while(|&&char| char != '/').count();
            (0..=longest).any(|length| matches(&pattern[stars..], &path[length..], is_folder))
        }
        ['?', ..] => one(1, &|char| char != '/'),
        ['[', inside @ ..] => match class(inside) {
            Some((count, is_in)) => one(count + 1, &is_in),
            None => one(1, &|char| char == '['),
        },
        ['\\', escaped, ..] => one(2, &|char| char == *escaped),
        [plain, ..] => one(1, &|char| char == *plain),
    }
}

/// How long a class is, behind its bracket, and what is in it; None where it has no end.
fn class(inside: &[char]) -> Option<(usize, impl Fn(char) -> bool + '_)> {
    let negated = usize::from(matches!(inside.first(), Some('!' | '^')));
    let first = negated + usize::from(inside.get(negated) == Some(&']'));
    let end = first + inside.get(first..)?.iter().position(|&char| char == ']')?;
    let members = &inside[negated..end];
    let is_in = move |char| {
        let in_range = members.windows(3).any(|range| range[1] == '-' && (range[0]..=range[2]).contains(&char));
        (members.contains(&char) || in_range) != (negated == 1)
    };
    Some((end + 1, is_in))
}

#[test]
fn globs_name_what_they_do_in_gitignore() {
    // The table that all clients are held to.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/support/globs.json");
    let Ok(table) = std::fs::read_to_string(path) else { return }; // It is in baton's repository.
    let table = crate::json::Json::parse(&format!("{{\"all\":{table}}}")).expect("it is JSON");
    let Some(crate::json::Json::List(table)) = table.get("all") else { panic!("no list") };
    for each in table {
        let glob = each.text("glob").expect("a glob");
        let wrong =
            |key, wanted| each.texts(key).into_iter().filter(|path| names(glob, path) != wanted).collect::<Vec<_>>();
        assert_eq!((wrong("names", true), wrong("other", false)), (vec![], vec![]), "{glob}");
    }
}
