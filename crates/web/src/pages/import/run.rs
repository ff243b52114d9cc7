//! A check or an import on its way: beside the pages, so that a large file does not keep a browser waiting.

use std::sync::Arc;

use throughline_app::{AppError, importing::ImportError};
use throughline_http::Problem;

use super::{
    choices,
    uploads::{State, Upload, Uploads},
};
use crate::{failure::sentence, form::Posted, visit::Visit};

/// The choices of a file, as a posted form.
pub fn chosen(upload: &Upload) -> Posted {
    Posted { action: String::new(), fields: upload.chosen.as_ref().clone() }
}

/// Begins. Nothing begins twice.
pub fn begin(visit: &Visit, uploads: &Arc<Uploads>, upload: &Upload, dry: bool) -> Result<(), AppError> {
    let options = choices::options(&visit.t, &upload.summary, &chosen(upload), dry)?;
    if !uploads.start(upload.key, dry) {
        return Ok(());
    }
    let (app, caller, bytes, key) =
        (visit.web.app.clone(), visit.caller.clone(), upload.bytes.clone(), upload.key);
    let (seen, kept, t) = (uploads.clone(), uploads.clone(), visit.t.clone());
    let run = async move {
        let progress = move |progress| seen.set(key, State::Running { dry, progress: Some(progress) });
        app.import(&caller, &bytes, options, progress).await
    };
    tokio::spawn(async move {
        // A task of its own, so that even a panic ends in a state a page can show.
        let state = match tokio::spawn(run).await {
            Ok(Ok(report)) => State::Done(Arc::new(report)),
            Ok(Err(ImportError::Unreadable(why))) => {
                State::Failed { dry, text: why.to_string(), hint: why.hint().to_owned() }
            }
            Ok(Err(ImportError::App(why))) => {
                State::Failed { dry, text: sentence(&t, &Problem::from(why)), hint: String::new() }
            }
            Err(why) => {
                State::Failed { dry, text: sentence(&t, &AppError::broken(why).into()), hint: String::new() }
            }
        };
        kept.set(key, state);
    });
    Ok(())
}
