//! The public API of the crates that developers of stages build on, as a list in `docs/public-api.txt`.
//!
//! A change of the API is a change of that file, so nobody makes one unawares. The list is read from the
//! sources: the lint `unreachable_pub` sees to it that what is `pub` is reachable. What is not in it:
//! implementations that a derive or a blanket implementation gives beside those that are named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use quote::ToTokens;
use syn::{Attribute, ImplItem, Item, TraitItem, Visibility};

use crate::repository::{read, repository};

/// What a stage is written with, and tested with.
const CRATES: [&str; 4] = [
    "crates/jadwal",
    "crates/jadwal-conformance",
    "crates/jadwal-core",
    "crates/jadwal-testkit",
];

const LIST: &str = "docs/public-api.txt";

#[test]
fn the_public_api_is_what_was_agreed() {
    let mut found = Api::default();
    for krate in CRATES {
        found.types.clear();
        let name = krate.rsplit('/').next().unwrap().replace('-', "_");
        found.read(&repository(krate).join("src/lib.rs"), &name);
        found.add_implementations();
    }
    let found: String = found.lines.iter().map(|line| format!("{line}\n")).collect();
    let agreed = read(LIST);
    let (old, new): (BTreeSet<_>, BTreeSet<_>) =
        (agreed.lines().collect(), found.lines().collect());
    let gone: Vec<_> = old.difference(&new).collect();
    if !gone.is_empty() {
        // Told before the comparison fails, or is rewritten.
        eprintln!(
            "no longer in the API, which breaks stages: raise the minor version, and say so in CHANGELOG.md: {gone:#?}"
        );
    }
    expect_file![repository(LIST)].assert_eq(&found);
}

/// The list as it grows, in order.
#[derive(Default)]
struct Api {
    lines: BTreeSet<String>,
    /// Public types.
    types: BTreeSet<String>,
    /// Implementations of traits, with the type they are for, which may be a private one.
    implementations: Vec<(String, String)>,
}

impl Api {
    /// Reads the module `path` in `file`, and those below it.
    fn read(&mut self, file: &Path, path: &str) {
        let source = fs::read_to_string(file).unwrap();
        let items = syn::parse_file(&source).unwrap().items;
        let folder = match file.file_stem().unwrap().to_str().unwrap() {
            "lib" => file.parent().unwrap().to_owned(),
            _ => file.with_extension(""),
        };
        self.items(&items, path, &folder);
    }

    fn items(&mut self, items: &[Item], path: &str, folder: &Path) {
        for item in items {
            self.item(item, path, folder);
        }
    }

    fn item(&mut self, item: &Item, path: &str, folder: &Path) {
        match item {
            Item::Mod(item) if !is_for_tests(&item.attrs) => {
                let name = item.ident.to_string();
                // What a private module holds is known by the path that exports it.
                let below = match item.vis {
                    Visibility::Public(_) => format!("{path}::{name}"),
                    _ => path.to_owned(),
                };
                let file: PathBuf = folder.join(format!("{name}.rs"));
                match &item.content {
                    Some((_, items)) => self.items(items, &below, &folder.join(name)),
                    None => self.read(&file, &below),
                }
            }
            Item::Use(item) if is_public(&item.vis) => self.add(path, &item.to_token_stream()),
            Item::Fn(item) if is_public(&item.vis) => self.add(path, &item.sig),
            Item::Const(item) if is_public(&item.vis) => {
                let (name, kind) = (&item.ident, &item.ty);
                self.add(path, &quote::quote!(const #name: #kind));
            }
            Item::Type(item) if is_public(&item.vis) => {
                let (name, generics, kind) = (&item.ident, &item.generics, &item.ty);
                self.add(path, &quote::quote!(type #name #generics = #kind));
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let (name, generics) = (&item.ident, &item.generics);
                self.types.insert(name.to_string());
                self.add(path, &quote::quote!(struct #name #generics));
                self.derives(&item.attrs, &format!("{path}::{name}"));
                for (index, field) in item.fields.iter().enumerate() {
                    if is_public(&field.vis) {
                        let kind = &field.ty;
                        let field = field.ident.as_ref();
                        let field = field.map_or(index.to_string(), ToString::to_string);
                        self.add(&format!("{path}::{name}.{field}"), kind);
                    }
                }
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let (name, generics) = (&item.ident, &item.generics);
                self.types.insert(name.to_string());
                self.add(path, &quote::quote!(enum #name #generics));
                self.derives(&item.attrs, &format!("{path}::{name}"));
                for variant in &item.variants {
                    let (variant, fields) = (&variant.ident, &variant.fields);
                    self.add(&format!("{path}::{name}"), &quote::quote!(#variant #fields));
                }
            }
            Item::Trait(item) if is_public(&item.vis) => self.trait_of(item, path),
            Item::Impl(item) => self.implementation(item, path),
            _ => {}
        }
    }

    fn trait_of(&mut self, item: &syn::ItemTrait, path: &str) {
        let (name, generics, bounds) = (&item.ident, &item.generics, &item.supertraits);
        self.add(path, &quote::quote!(trait #name #generics: #bounds));
        let path = format!("{path}::{name}");
        for item in &item.items {
            match item {
                TraitItem::Fn(item) => {
                    let sig = &item.sig;
                    match item.default {
                        Some(_) => self.add(&path, &quote::quote!(default #sig)),
                        None => self.add(&path, sig),
                    }
                }
                TraitItem::Const(item) => {
                    let (name, kind, default) = (&item.ident, &item.ty, &item.default);
                    let default = default
                        .as_ref()
                        .map(|(_, default)| quote::quote!(= #default));
                    self.add(&path, &quote::quote!(const #name: #kind #default));
                }
                TraitItem::Type(item) => self.add(&path, &without_docs(item)),
                _ => {}
            }
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl, path: &str) {
        let (generics, kind) = (&item.generics, &item.self_ty);
        if let Some((_, of, _)) = &item.trait_ {
            let trait_ = of.segments.last().unwrap().ident.to_string();
            if trait_ != "Drop" {
                let line = quote::quote!(impl #generics #of for #kind).to_string();
                let line = format!("{path}: {}", spaced_less(&line));
                self.implementations.push((name_of(kind), line));
            }
            return;
        }
        let path = format!(
            "{path}::{}",
            spaced_less(&kind.to_token_stream().to_string())
        );
        for item in &item.items {
            match item {
                ImplItem::Fn(item) if is_public(&item.vis) => self.add(&path, &item.sig),
                ImplItem::Const(item) if is_public(&item.vis) => {
                    let (name, kind) = (&item.ident, &item.ty);
                    self.add(&path, &quote::quote!(const #name: #kind));
                }
                _ => {}
            }
        }
    }

    /// Adds the implementations for public types of the crate that was read.
    fn add_implementations(&mut self) {
        for (of, line) in std::mem::take(&mut self.implementations) {
            if self.types.contains(&of) {
                self.lines.insert(line);
            }
        }
    }

    fn derives(&mut self, attributes: &[Attribute], path: &str) {
        for attribute in attributes {
            if attribute.path().is_ident("derive") || attribute.path().is_ident("non_exhaustive") {
                self.add(path, &attribute.meta);
            }
        }
    }

    fn add(&mut self, path: &str, what: &impl ToTokens) {
        let what = spaced_less(&what.to_token_stream().to_string());
        self.lines.insert(format!("{path}: {what}"));
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The last name of a type, without what it is applied to.
fn name_of(kind: &syn::Type) -> String {
    match kind {
        syn::Type::Path(path) => path.path.segments.last().unwrap().ident.to_string(),
        other => other.to_token_stream().to_string(),
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .meta
                .to_token_stream()
                .to_string()
                .contains("test")
    };
    attributes.iter().any(test)
}

fn without_docs(item: &syn::TraitItemType) -> syn::TraitItemType {
    let mut item = item.clone();
    item.attrs.clear();
    item
}

/// Takes out the spaces that no reader wants.
fn spaced_less(tokens: &str) -> String {
    let mut text = tokens.replace("\n", " ");
    for (long, short) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" :", ":"),
        (" ;", ";"),
        ("[ ", "["),
        (" ]", "]"),
        ("' ", "'"),
    ] {
        text = text.replace(long, short);
    }
    text
}
