//! Pages and API under one roof.

use axum::Router;
use throughline_app::App;
use throughline_http::{
    Patience, Web, layers,
    limit::{Cidr, Rates},
    state::ServerSettings,
};
use tokio::net::TcpListener;

use crate::failure::Failure;

/// The API's description.
pub fn openapi() -> serde_json::Value {
    throughline_api::openapi()
}

fn routes(web: &Web) -> Router {
    let routes = throughline_web::router(web.clone()).merge(throughline_api::router(web.clone()));
    throughline_web::readable(layers(routes, web))
}

/// Serves until `shutdown` is done and what runs has ended.
pub async fn serve(
    app: App,
    settings: ServerSettings,
    proxies: Vec<Cidr>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let web = Web::new(app, settings).with_limits(Rates::default(), proxies);
    let served = throughline_http::serve(listener, routes(&web), web, Patience::default(), shutdown).await;
    served.map_err(|why| Failure::unreachable(format!("the server stopped: {why}")))
}
