//! The image is built from what the program is made of, and from no secret.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file under `folder`.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

/// The top folder of the project that `source` takes the file `name` from.
fn top_folder(source: &Path, name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = fs::canonicalize(source.parent().unwrap().join(name)).unwrap();
    let inside = file.strip_prefix(fs::canonicalize(root).unwrap()).unwrap();
    inside.iter().next().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn the_images_build_gets_every_folder_that_is_built_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    sources(&root.join("stand-in"), &mut files);
    let mut needed = BTreeSet::from(["templates".to_owned(), "stand-in".to_owned()]);
    for source in files {
        let text = fs::read_to_string(&source).unwrap();
        for call in ["include_str!(", "include_bytes!("] {
            for rest in text.split(call).skip(1) {
                // Of a path put together, its beginning: the folder.
                let rest = rest.trim_start_matches("concat!(");
                let Some((name, _)) = rest.strip_prefix('"').and_then(|it| it.split_once('"'))
                else {
                    continue;
                };
                needed.insert(top_folder(&source, name));
            }
        }
    }
    // Unit tests read there; the program does not.
    for folder in ["tests", "docs"] {
        needed.remove(folder);
    }
    assert!(needed.contains("locales") && needed.contains("static"));
    let ignored = fs::read_to_string(root.join(".dockerignore")).unwrap();
    for folder in needed {
        let line = format!("!{folder}");
        assert!(ignored.lines().any(|it| it == line), "{folder} is missing");
    }
    assert!(
        ignored.lines().any(|line| line == "*"),
        "anything else stays out"
    );
}
