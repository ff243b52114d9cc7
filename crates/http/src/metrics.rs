//! What operators watch, in the text form Prometheus reads. No name, address or id of anybody is in it.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;

use crate::Web;

/// Upper bounds of the latency buckets, in microseconds.
const BOUNDS: [u64; 12] =
    [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000, 30_000_000];

/// Which requests are counted together. The route is as declared, never as asked: an address may hold anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Default)]
struct Series {
    count: AtomicU64,
    micros: AtomicU64,
    buckets: [AtomicU64; BOUNDS.len()],
}

/// Counters of one process since it started.
pub struct Metrics {
    requests: RwLock<BTreeMap<Kind, Arc<Series>>>,
    connections: AtomicU64,
    started: Instant,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { requests: RwLock::default(), connections: AtomicU64::new(0), started: Instant::now() }
    }
}

impl Metrics {
    fn request(&self, kind: Kind, took: Duration) {
        let known = self.requests.read().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned();
        let series = known.unwrap_or_else(|| {
            self.requests.write().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default().clone()
        });
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        series.count.fetch_add(1, Relaxed);
        series.micros.fetch_add(micros, Relaxed);
        if let Some(place) = BOUNDS.iter().position(|bound| micros <= *bound) {
            series.buckets[place].fetch_add(1, Relaxed);
        }
    }

    /// A connection was taken.
    pub(crate) fn connected(&self) {
        self.connections.fetch_add(1, Relaxed);
    }

    pub(crate) fn disconnected(&self) {
        self.connections.fetch_sub(1, Relaxed);
    }

    /// The counters of this crate as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let requests = self.requests.read().unwrap_or_else(PoisonError::into_inner);
        head(&mut out, "throughline_http_requests_total", "counter", "Requests answered.");
        for (kind, series) in requests.iter() {
            sample(&mut out, "throughline_http_requests_total", &kind.labels(), series.count.load(Relaxed));
        }
        head(
            &mut out,
            "throughline_http_request_seconds",
            "histogram",
            "Time from the request's head to the answer's head.",
        );
        for (kind, series) in requests.iter() {
            let labels = kind.labels();
            let mut below = 0;
            for (bound, bucket) in BOUNDS.iter().zip(&series.buckets) {
                below += bucket.load(Relaxed);
                let labels = format!("{labels},le=\"{}\"", seconds(*bound));
                sample(&mut out, "throughline_http_request_seconds_bucket", &labels, below);
            }
            let count = series.count.load(Relaxed);
            sample(
                &mut out,
                "throughline_http_request_seconds_bucket",
                &format!("{labels},le=\"+Inf\""),
                count,
            );
            sample(
                &mut out,
                "throughline_http_request_seconds_sum",
                &labels,
                seconds(series.micros.load(Relaxed)),
            );
            sample(&mut out, "throughline_http_request_seconds_count", &labels, count);
        }
        head(&mut out, "throughline_http_connections", "gauge", "Connections open now.");
        sample(&mut out, "throughline_http_connections", "", self.connections.load(Relaxed));
        head(&mut out, "throughline_uptime_seconds", "gauge", "Time since the process began to serve.");
        sample(&mut out, "throughline_uptime_seconds", "", self.started.elapsed().as_secs());
        out
    }
}

impl Kind {
    fn labels(&self) -> String {
        // Routes are declared in code: nothing in them needs escaping.
        format!("route=\"{}\",method=\"{}\",status=\"{}\"", self.route, self.method, self.status)
    }
}

/// The lines before a metric's samples.
pub fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// One sample; labels as `name="value",…`, or empty.
pub fn sample(out: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = if labels.is_empty() {
        writeln!(out, "{name} {value}")
    } else {
        writeln!(out, "{name}{{{labels}}} {value}")
    };
}

fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

/// Counts a request.
pub async fn layer(State(web): State<Web>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    // A wrong address matched by a catch-all counts with all other wrong ones.
    let route = if response.status() == StatusCode::NOT_FOUND && route.contains("{*") {
        "other".to_owned()
    } else {
        route
    };
    web.shared.metrics.request(Kind { route, method, status }, begun.elapsed());
    response
}

fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_count_up_and_the_sum_is_in_seconds() {
        let metrics = Metrics::default();
        let kind = || Kind { route: "/x/{id}".to_owned(), method: "GET", status: 200 };
        metrics.request(kind(), Duration::from_micros(400));
        metrics.request(kind(), Duration::from_millis(2));
        metrics.request(kind(), Duration::from_secs(60));
        let text = metrics.text();
        let labels = "route=\"/x/{id}\",method=\"GET\",status=\"200\"";
        for line in [
            format!("throughline_http_requests_total{{{labels}}} 3"),
            format!("throughline_http_request_seconds_bucket{{{labels},le=\"0.0005\"}} 1"),
            format!("throughline_http_request_seconds_bucket{{{labels},le=\"0.0025\"}} 2"),
            format!("throughline_http_request_seconds_bucket{{{labels},le=\"30\"}} 2"),
            format!("throughline_http_request_seconds_bucket{{{labels},le=\"+Inf\"}} 3"),
            format!("throughline_http_request_seconds_sum{{{labels}}} 60.0024"),
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }
}
