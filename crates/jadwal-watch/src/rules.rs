//! Which paths belong to the source, and what they are called in records.
//!
//! Names are bytes here: nothing is lost or refused because a name is not UTF-8.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::options::{FolderOptions, OnDone, OptionsError, Root};

/// Endings of names that programs give to files they still write.
const UNFINISHED: [&[u8]; 4] = [b".tmp", b".part", b".crdownload", b"~"];

/// Which paths are ours.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) roots: Vec<Root>,
    pub(crate) follow_symlinks: bool,
    marker: Option<String>,
    include: Option<GlobSet>,
    exclude: GlobSet,
    skip: HashSet<PathBuf>,
}

impl Rules {
    pub(crate) fn new(options: &FolderOptions) -> Result<Self, OptionsError> {
        if options.roots.is_empty() {
            return Err(OptionsError::NoRoots);
        }
        let mut skip: Vec<PathBuf> = options.skip_dirs.clone();
        if let OnDone::Move { dir } = &options.on_done {
            skip.push(dir.clone());
        }
        let paths = options.roots.iter().map(|root| &root.path).chain(&skip);
        if let Some(path) = paths.into_iter().find(|path| !path.is_absolute()) {
            return Err(OptionsError::Relative { path: path.clone() });
        }
        if let Some(marker) = &options.done_marker
            && (marker.is_empty() || marker.contains('/'))
        {
            let marker = marker.clone();
            return Err(OptionsError::Marker { marker });
        }
        let include = (!options.include.is_empty()).then_some(&options.include);
        Ok(Self {
            roots: options.roots.clone(),
            follow_symlinks: options.follow_symlinks,
            marker: options.done_marker.clone(),
            include: include.map(|globs| glob_set(globs)).transpose()?,
            exclude: glob_set(&options.exclude)?,
            skip: under_all_names(skip, &options.roots),
        })
    }

    /// Returns the root that `path` lies in, the first one where several do.
    pub(crate) fn root_of(&self, path: &Path) -> Option<usize> {
        self.roots
            .iter()
            .position(|root| path.starts_with(&root.path))
    }

    /// Whether `path` is named by a root itself: then no rule about names applies to it.
    pub(crate) fn is_root(&self, root: usize, path: &Path) -> bool {
        self.roots[root].path == path
    }

    /// Whether a file of this path may be read.
    pub(crate) fn wants_file(&self, root: usize, path: &Path) -> bool {
        if self.is_root(root, path) {
            return true;
        }
        self.may_be_wanted(root, path) && self.is_included(root, path)
    }

    /// Whether nothing but the want of a glob that takes its name keeps a file of this path out.
    pub(crate) fn lacks_glob(&self, root: usize, path: &Path) -> bool {
        self.may_be_wanted(root, path) && !self.is_included(root, path)
    }

    fn may_be_wanted(&self, root: usize, path: &Path) -> bool {
        let relative = self.relative(root, path);
        !is_unfinished(file_name(path))
            && !self.below_hidden(relative)
            && self.marked_file(path).is_none()
            && !self.exclude.is_match(relative)
    }

    fn is_included(&self, root: usize, path: &Path) -> bool {
        let include = self.include.as_ref();
        include.is_none_or(|set| set.is_match(self.relative(root, path)))
    }

    /// Whether a folder of this path may be listed.
    pub(crate) fn wants_folder(&self, root: usize, path: &Path) -> bool {
        self.is_root(root, path)
            || (!is_hidden(file_name(path))
                && !self.skip.contains(path)
                && !self.exclude.is_match(self.relative(root, path)))
    }

    /// Whether `path` is, or lies in, a folder that is skipped.
    pub(crate) fn is_skipped(&self, root: usize, path: &Path) -> bool {
        let root = &self.roots[root].path;
        path.ancestors()
            .take_while(|folder| *folder != root)
            .any(|folder| self.skip.contains(folder))
    }

    /// Returns the path relative to its root; the name for a root that is a file.
    pub(crate) fn relative<'a>(&self, root: usize, path: &'a Path) -> &'a Path {
        match path.strip_prefix(&self.roots[root].path) {
            Ok(relative) if !relative.as_os_str().is_empty() => relative,
            _ => Path::new(path.file_name().unwrap_or(OsStr::new("-"))),
        }
    }

    /// Returns where a root lies below the source that its label names: files that are done keep
    /// that place.
    pub(crate) fn below_source(&self, root: usize) -> &Path {
        let label = self
            .roots
            .get(root)
            .map_or(Path::new(""), |root| Path::new(&root.label));
        let inside = label
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if inside { label } else { Path::new("") }
    }

    /// Returns what `path` is called in records.
    pub(crate) fn label(&self, root: usize, path: &Path) -> String {
        let relative = escape_path(self.relative(root, path));
        match self.roots[root].label.trim_end_matches('/') {
            "" => relative,
            label => format!("{label}/{relative}"),
        }
    }

    /// Returns the path of the marker that says that `path` is complete, if markers are used.
    pub(crate) fn marker_of(&self, path: &Path) -> Option<PathBuf> {
        let marker = self.marker.as_ref()?;
        let mut marked = path.as_os_str().to_owned();
        marked.push(marker);
        Some(marked.into())
    }

    /// Returns the file that `path` is the marker of, if it is one.
    pub(crate) fn marked_file(&self, path: &Path) -> Option<PathBuf> {
        let marker = self.marker.as_ref()?.as_bytes();
        let name = file_name(path).strip_suffix(marker)?;
        (!name.is_empty()).then(|| path.with_file_name(OsStr::from_bytes(name)))
    }

    fn below_hidden(&self, relative: &Path) -> bool {
        relative.iter().any(|part| is_hidden(part.as_bytes()))
    }
}

/// Writes a path as text: bytes that are not UTF-8 as `\xNN`, all else as it is.
#[must_use]
pub fn escape_path(path: &Path) -> String {
    let mut text = String::with_capacity(path.as_os_str().len());
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

/// Returns the paths that [`escape_path`] may have written as `text`: as it stands, and with its
/// `\xNN` as bytes where it has any.
#[must_use]
pub fn escaped_paths(text: &str) -> Vec<PathBuf> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\x") {
        let (before, escape) = rest.split_at(at);
        bytes.extend_from_slice(before.as_bytes());
        let digits = escape
            .get(2..4)
            .map(|digits| u8::from_str_radix(digits, 16));
        let taken = match digits {
            Some(Ok(byte)) if !byte.is_ascii() => {
                bytes.push(byte);
                4
            }
            _ => {
                bytes.extend_from_slice(b"\\x");
                2
            }
        };
        rest = &escape[taken..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    let mut paths = vec![PathBuf::from(text)];
    if bytes != text.as_bytes() {
        paths.push(OsString::from_vec(bytes).into());
    }
    paths
}

fn file_name(path: &Path) -> &[u8] {
    path.file_name().map_or(&[], OsStr::as_bytes)
}

fn is_hidden(name: &[u8]) -> bool {
    name.first() == Some(&b'.')
}

fn is_unfinished(name: &[u8]) -> bool {
    UNFINISHED.iter().any(|ending| name.ends_with(ending))
}

fn glob_set(globs: &[String]) -> Result<GlobSet, OptionsError> {
    let wrong = |pattern: &str, source| OptionsError::Glob {
        pattern: pattern.to_owned(),
        source,
    };
    let mut set = GlobSetBuilder::new();
    for pattern in globs {
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|source| wrong(pattern, source))?;
        set.add(glob);
    }
    set.build()
        .map_err(|source| wrong(&globs.join(", "), source))
}

/// Adds to `skip` the names by which a walk from one of `roots` may meet those folders, should
/// symbolic links lead to the one or the other.
fn under_all_names(skip: Vec<PathBuf>, roots: &[Root]) -> HashSet<PathBuf> {
    let mut names = HashSet::new();
    for path in skip {
        if let Some(real) = real_path(&path) {
            let met = roots.iter().filter_map(|root| {
                let below = real.strip_prefix(real_path(&root.path)?).ok()?;
                Some(root.path.join(below))
            });
            names.extend(met);
            names.insert(real);
        }
        names.insert(path);
    }
    names
}

/// Returns `path` without symbolic links; what does not exist yet is resolved as far as it does.
fn real_path(path: &Path) -> Option<PathBuf> {
    path.ancestors().find_map(|there| {
        let rest = path.strip_prefix(there).ok()?;
        let there = there.canonicalize().ok()?;
        Some(rest.iter().fold(there, |path, part| path.join(part)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(include: &[&str], exclude: &[&str], marker: Option<&str>) -> Rules {
        let owned = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect();
        Rules::new(&FolderOptions {
            roots: vec![Root {
                path: "/in".into(),
                label: String::new(),
            }],
            include: owned(include),
            exclude: owned(exclude),
            skip_dirs: vec!["/in/state".into()],
            done_marker: marker.map(str::to_owned),
            ..FolderOptions::default()
        })
        .unwrap()
    }

    #[test]
    fn names_decide_which_files_are_wanted() {
        let globs = rules(&["**/*.txt", "top.md"], &["drafts/**"], None);
        let check = |path: &[u8], wanted| {
            let path = Path::new(OsStr::from_bytes(path));
            assert_eq!(globs.wants_file(0, path), wanted, "{}", path.display());
        };
        check(b"/in/a.txt", true);
        check(b"/in/x/y/a.txt", true);
        check(b"/in/top.md", true);
        check(b"/in/x/top.md", false);
        check(b"/in/drafts/a.txt", false);
        check(b"/in/.a.txt", false);
        check(b"/in/.git/a.txt", false);
        check(b"/in/\xff\xfe.txt", true);
        check(b"/in/two\nlines.txt", true);
        let all = rules(&[], &[], Some(".done"));
        for name in ["a.tmp", "a.part", "a.crdownload", "a~", "a.txt.done"] {
            assert!(!all.wants_file(0, &Path::new("/in").join(name)), "{name}");
        }
        assert!(!all.wants_file(0, Path::new("/in/.done")));
        assert!(!all.wants_folder(0, Path::new("/in/state")));
        assert!(all.is_skipped(0, Path::new("/in/state/x")));
        assert!(!all.is_skipped(0, Path::new("/in/x")));
    }

    #[test]
    fn labels_escape_only_what_is_not_utf8() {
        let rules = rules(&[], &[], None);
        let path = Path::new(OsStr::from_bytes(b"/in/\xd8\xae\xff/a\nb"));
        assert_eq!(rules.label(0, path), "خ\\xFF/a\nb");
        let written = Path::new("خ\\xFF/a\nb");
        let meant = Path::new(OsStr::from_bytes(b"\xd8\xae\xff/a\nb"));
        assert_eq!(escaped_paths("خ\\xFF/a\nb"), [written, meant]);
        for plain in ["a\\xb.txt", "\\x", "\\x4", "\\x41", "\\xخ"] {
            assert_eq!(escaped_paths(plain), [Path::new(plain)]);
        }
    }

    #[test]
    fn markers_and_their_files_name_each_other() {
        let rules = rules(&[], &[], Some(".done"));
        let file = Path::new("/in/a.txt");
        let marker = rules.marker_of(file).unwrap();
        assert_eq!(marker, Path::new("/in/a.txt.done"));
        assert_eq!(rules.marked_file(&marker).unwrap(), file);
        assert_eq!(rules.marked_file(file), None);
    }
}
