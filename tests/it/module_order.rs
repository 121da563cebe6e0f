//! Modules name each other one way: the order is the list in `src/lib.rs`, top
//! to bottom, and no two neighbours in a folder name each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::measured::measured;

/// A module by its path from the crate's root: `["web", "page"]`.
type Module = Vec<String>;

/// One module naming another, both by their paths.
type Edge = (Module, Module);

/// The lines of `text` that the program is built from: no comments, and nothing
/// of the tests that stand at the end of a file.
fn production(text: &str) -> String {
    let end = text.find("\n#[cfg(test)]\nmod ").unwrap_or(text.len());
    let lines = text[..end].lines();
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// Modules that exist in tests alone: `#[cfg(test)] mod name;`.
fn for_tests_alone(text: &str) -> BTreeSet<String> {
    let after = text.split("#[cfg(test)]\n").skip(1);
    let names = after.filter_map(|rest| {
        let line = rest.lines().next()?;
        let (_, name) = line.strip_suffix(';')?.split_once("mod ")?;
        Some(name.to_owned())
    });
    names.collect()
}

/// Every module below `folder` with the text it is built from.
fn modules(folder: &Path, path: &[String], found: &mut BTreeMap<Module, String>) {
    let own = ["mod.rs", "lib.rs"].map(|name| folder.join(name));
    let own = own.iter().find_map(|file| fs::read_to_string(file).ok());
    let own = own.unwrap_or_default();
    let tests = for_tests_alone(&own);
    if !path.is_empty() {
        found.insert(path.to_vec(), production(&own));
    }
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        if ["mod", "lib", "main"].contains(&name.as_str()) || tests.contains(&name) {
            continue;
        }
        let inside: Module = path.iter().cloned().chain([name]).collect();
        if file.is_dir() {
            modules(&file, &inside, found);
        } else if file.extension().is_some_and(|it| it == "rs") {
            found.insert(inside, production(&fs::read_to_string(&file).unwrap()));
        }
    }
}

/// The paths that `text` names after `prefix`, such as `web::page::get` in
/// `crate::web::page::get`; of a list in braces, each of them.
fn named(text: &str, prefix: &str) -> Vec<Module> {
    let mut paths = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        let before = text[..at].chars().next_back();
        if !before.is_some_and(|it| it.is_alphanumeric() || "_:".contains(it)) {
            expand(&[], &text[at + prefix.len()..], &mut paths);
        }
    }
    paths
}

/// The paths of one `use` tree, each begun by `start`.
fn expand(start: &[String], tree: &str, paths: &mut Vec<Module>) {
    let tree = tree.trim_start();
    let is_name = |it: char| it.is_alphanumeric() || "_:".contains(it);
    let end = tree.find(|it| !is_name(it)).unwrap_or(tree.len());
    let segments = tree[..end].split("::").filter(|it| !it.is_empty());
    let path: Module = start
        .iter()
        .cloned()
        .chain(segments.map(str::to_owned))
        .collect();
    match tree[end..].strip_prefix('{') {
        Some(list) => branches(list)
            .iter()
            .for_each(|tree| expand(&path, tree, paths)),
        None => paths.push(path),
    }
}

/// The items of a list up to its closing brace.
fn branches(list: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for character in list.chars() {
        match character {
            '}' if depth == 0 => break,
            ',' if depth == 0 => items.push(String::new()),
            _ => {
                depth += i32::from(character == '{') - i32::from(character == '}');
                items.last_mut().unwrap().push(character);
            }
        }
    }
    items
}

/// The module that `path` leads to: the longest beginning that is one.
fn resolve(path: &[String], modules: &BTreeMap<Module, String>) -> Option<Module> {
    let ends = (1..=path.len()).rev();
    let mut known = ends.map(|end| path[..end].to_vec());
    known.find(|path| modules.contains_key(path))
}

fn edges(modules: &BTreeMap<Module, String>) -> BTreeSet<Edge> {
    let mut edges = BTreeSet::new();
    for (module, text) in modules {
        let parent = &module[..module.len() - 1];
        let from_parent = named(text, "super::").into_iter();
        let from_parent = from_parent.map(|path| [parent, &path].concat());
        for path in named(text, "crate::").into_iter().chain(from_parent) {
            if let Some(to) = resolve(&path, modules)
                && to != *module
            {
                edges.insert((module.clone(), to));
            }
        }
    }
    edges
}

fn read() -> (Vec<String>, BTreeMap<Module, String>) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let list = fs::read_to_string(root.join("lib.rs")).unwrap();
    let order = list.lines().filter_map(|line| {
        let (_, name) = line.strip_suffix(';')?.split_once("mod ")?;
        Some(name.to_owned())
    });
    let mut found = BTreeMap::new();
    modules(&root, &[], &mut found);
    (order.collect(), found)
}

#[test]
fn each_module_names_only_what_stands_below_it() {
    let (order, modules) = read();
    let place = |name: &String| order.iter().position(|it| it == name);
    let between: BTreeSet<(String, String)> = edges(&modules)
        .into_iter()
        .map(|(from, to)| (from[0].clone(), to[0].clone()))
        .filter(|(from, to)| from != to)
        .collect();
    let upward: Vec<_> = between
        .iter()
        .filter(|(from, to)| place(from) >= place(to))
        .map(|(from, to)| format!("{from} must not name {to}, which stands above it in src/lib.rs"))
        .collect();
    assert!(upward.is_empty(), "{}", upward.join("\n"));
    assert!(between.len() > 50, "read only {between:?}");
    let (edges, modules) = (between.len(), order.len());
    measured(
        "modules",
        format!("{edges} edges between {modules} modules read, every one downward"),
    );
}

#[test]
fn neighbours_in_a_folder_do_not_name_each_other_in_a_circle() {
    let (_, modules) = read();
    let mut below: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (from, to) in edges(&modules) {
        let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        // A folder's own file and what is in it belong together.
        if shared > 0 && shared < from.len().min(to.len()) {
            let neighbour = |path: &Module| path[..=shared].to_vec();
            below
                .entry(neighbour(&from))
                .or_default()
                .insert(neighbour(&to));
        }
    }
    let edges: usize = below.values().map(BTreeSet::len).sum();
    assert!(edges > 50, "read only {below:?}");
    // Take away what names nothing that is left, until nothing changes.
    loop {
        let left: BTreeSet<Module> = below.keys().cloned().collect();
        below.retain(|_, names| names.iter().any(|name| left.contains(name)));
        if below.len() == left.len() {
            break;
        }
    }
    let path = |module: &Module| module.join("::");
    let circle: Vec<_> = below
        .iter()
        .map(|(from, to)| {
            let to: Vec<_> = to
                .iter()
                .filter(|to| below.contains_key(*to))
                .map(path)
                .collect();
            format!("{} names {}", path(from), to.join(", "))
        })
        .collect();
    assert!(
        circle.is_empty(),
        "these lead to a circle; move what they share:\n{}",
        circle.join("\n")
    );
    measured(
        "neighbours",
        format!("{edges} edges between neighbours read, no circle"),
    );
}

#[test]
fn an_upward_edge_would_be_seen() {
    let text = "use crate::{ledger::{Ledger, rows}, web};\nfn f() { crate::app::x() }\n";
    let paths: Vec<_> = named(text, "crate::")
        .iter()
        .map(|it| it.join("::"))
        .collect();
    assert_eq!(paths, ["ledger::Ledger", "ledger::rows", "web", "app::x"]);
    assert_eq!(named("// crate::a", "crate::").len(), 1);
    assert_eq!(production("// crate::a\nuse crate::b;\n"), "use crate::b;");
    let tests = for_tests_alone("mod a;\n#[cfg(test)]\npub(crate) mod b;\n");
    assert!(tests.contains("b") && tests.len() == 1);
}
