//! Every component with believable content, as files a browser can be pointed at:
//! `cargo run -p throughline-web --example gallery -- FOLDER`.
//!
//! Used to look at the design, in both themes and in the stretched pseudo-language. Nothing here is shipped.

mod content;

use std::path::Path;
use std::{env, fs, io};

use askama::Template;
use jiff::tz::TimeZone;
use throughline_domain::Role;
use throughline_web::chrome::{self, Chrome, Flash, Place, Reader, Theme};
use throughline_web::i18n::{Locale, Text};
use throughline_web::ui::{self, Person, Tone};

use content::Content;

#[derive(Template)]
#[template(path = "gallery/handoff.html")]
struct HandoffPage {
    t: Text,
    chrome: Chrome,
    c: Content,
}

#[derive(Template)]
#[template(path = "gallery/queue.html")]
struct QueuePage {
    t: Text,
    chrome: Chrome,
    c: Content,
}

#[derive(Template)]
#[template(path = "gallery/parts.html")]
struct PartsPage {
    t: Text,
    chrome: Chrome,
    c: Content,
}

#[derive(Template)]
#[template(path = "gallery/sign_in.html")]
struct SignInPage {
    chrome: Chrome,
    c: Content,
}

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "gallery".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for (_, url) in throughline_assets::all() {
        let asset = throughline_assets::get(url).map(|asset| asset.bytes).unwrap_or_default();
        fs::write(folder.join(url.trim_start_matches('/')), asset)?;
    }
    for locale in Locale::ALL {
        for theme in Theme::ALL {
            write_pages(folder, locale, theme)?;
        }
    }
    eprintln!("written to {}", folder.display());
    Ok(())
}

fn write_pages(folder: &Path, locale: Locale, theme: Theme) -> io::Result<()> {
    let t = Text::new(locale, TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC));
    let chrome = |here| {
        let person = Person::named("Maya Lindqvist");
        Chrome::bare(t.clone(), theme)
            .signed_in(Reader { person, roles: vec![Role::Csm] }, "Nordwind Analytics", &Place::ALL, here)
            .at("/queue")
            .count(Place::Queue, 7)
            .count(Place::DealDesk, 2)
            .demo(true)
    };
    let saved = Flash {
        tone: Tone::Good,
        text: "Maya Lindqvist accepted the handoff of Brauhaus Lindner.".to_owned(),
    };
    let bare = Chrome::bare(t.clone(), theme);
    let content = || Content::new(&t);
    let pages = [
        ("handoff", HandoffPage { t: t.clone(), chrome: chrome(Some(Place::Deals)), c: content() }.render()),
        (
            "queue",
            QueuePage { t: t.clone(), chrome: chrome(Some(Place::Queue)).flash(Some(saved)), c: content() }
                .render(),
        ),
        ("parts", PartsPage { t: t.clone(), chrome: chrome(None), c: content() }.render()),
        ("sign-in", SignInPage { chrome: bare, c: content() }.render()),
    ];
    for (name, html) in pages {
        let html = html.map_err(io::Error::other)?;
        fs::write(folder.join(format!("{name}.{}.{}.html", theme.value(), locale.tag())), html)?;
    }
    Ok(())
}
