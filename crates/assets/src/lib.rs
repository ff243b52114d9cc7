//! Styles, scripts, icons and the font that a page loads, compiled into the binary.
//!
//! They are fetched by npm from a lock file and assembled by `build.mjs` when this crate is built; nothing of
//! others is kept in the source tree, and a running server reads no file. Each asset's address changes with its
//! content, so a browser may keep it for ever. Absent on purpose: HTTP. The web crate picks an encoding and answers.

/// One file as a browser gets it, plain and packed.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// The file itself.
    pub bytes: &'static [u8],
    /// The file packed with brotli; none where it would not get smaller.
    pub brotli: Option<&'static [u8]>,
    /// The file packed with gzip; none where it would not get smaller.
    pub gzip: Option<&'static [u8]>,
    /// For the `Content-Type` header.
    pub content_type: &'static str,
    /// For the `ETag` header, quotes included.
    pub etag: &'static str,
}

struct Entry {
    name: &'static str,
    url: &'static str,
    asset: Asset,
}

static ENTRIES: &[Entry] = &include!(concat!(env!("OUT_DIR"), "/manifest.rs"));

/// The fonts sheets of paper are set in, TrueType: plain and strong.
#[cfg(feature = "paper")]
pub static PAPER_FONTS: (&[u8], &[u8]) = (
    include_bytes!(concat!(env!("OUT_DIR"), "/dist/paper.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/dist/paper-strong.ttf")),
);

/// The asset at a request path, with or without `/assets/` in front: `app.0123456789abcdef.css`.
pub fn get(path: &str) -> Option<Asset> {
    let wanted = path.strip_prefix("/assets/").unwrap_or(path);
    ENTRIES.iter().find(|entry| entry.url.strip_prefix("/assets/") == Some(wanted)).map(|entry| entry.asset)
}

/// The address of an asset by its plain name: `app.css` gives `/assets/app.0123456789abcdef.css`.
///
/// A name that does not exist gives an address that answers 404; the pages' tests look for that.
pub fn url(name: &str) -> &'static str {
    ENTRIES.iter().find(|entry| entry.name == name).map_or("/assets/unknown", |entry| entry.url)
}

/// Every asset's plain name and address, in the order they were built.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    ENTRIES.iter().map(|entry| (entry.name, entry.url))
}

/// The names of the icons in the sprite `icons.svg`.
pub fn icons() -> impl Iterator<Item = &'static str> {
    include_str!("../icons.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_the_wire(name: &str) -> usize {
        let asset = get(url(name)).unwrap_or_else(|| panic!("there is no {name}"));
        asset.brotli.unwrap_or(asset.bytes).len()
    }

    #[test]
    fn every_address_answers_with_its_own_asset_and_changes_with_its_content() {
        for (name, url) in all() {
            let asset = get(url).unwrap();
            let hash = asset.etag.trim_matches('"');
            assert!(url.contains(hash), "{name} is served at {url}, which does not name its content {hash}");
            assert!(get(name).is_none(), "{name} must not be served at an address that could go stale");
        }
    }

    #[test]
    fn a_first_visit_stays_within_its_weight() {
        let scripts: usize =
            all().filter(|(name, _)| name.ends_with(".js")).map(|(name, _)| on_the_wire(name)).sum();
        let whole = scripts
            + ["app.css", "inter.woff2", "icons.svg", "mark.svg"].map(on_the_wire).iter().sum::<usize>();
        assert!(scripts <= 60_000, "scripts weigh {scripts} bytes packed");
        assert!(whole <= 150_000, "a first visit weighs {whole} bytes packed");
    }

    #[test]
    fn every_listed_icon_is_in_the_sprite_once() {
        let sprite = std::str::from_utf8(get(url("icons.svg")).unwrap().bytes).unwrap();
        for icon in icons() {
            assert_eq!(sprite.matches(&format!("id=\"{icon}\"")).count(), 1, "icon {icon}");
        }
    }

    #[test]
    fn scripts_import_each_other_at_addresses_that_exist() {
        for (name, url) in all().filter(|(name, _)| name.ends_with(".js") && *name != "htmx.js") {
            let code = std::str::from_utf8(get(url).unwrap().bytes).unwrap();
            for line in code.lines().filter(|line| line.starts_with("import")) {
                let path = line.split('"').nth(1).unwrap();
                assert!(get(path.trim_start_matches("./")).is_some(), "{name} imports {path}");
            }
        }
    }

    #[test]
    fn the_stylesheet_fetches_only_the_font_and_has_no_variants_for_widths_we_do_not_use() {
        let css = std::str::from_utf8(get(url("app.css")).unwrap().bytes).unwrap();
        for address in css.split("url(").skip(1).map(|rest| rest.trim_start_matches(['"', '\''])) {
            let own = address.starts_with("data:")
                || get(address.split(['"', '\'', ')']).next().unwrap()).is_some();
            assert!(own, "the stylesheet fetches {}", address.chars().take(60).collect::<String>());
        }
        assert!(!css.contains("sm\\:btn"));
    }

    #[test]
    fn the_lock_file_does_not_say_where_packages_come_from() {
        let lock = include_str!("../package-lock.json");
        assert!(!lock.contains("\"resolved\""), "the lock file names download addresses");
    }
}
