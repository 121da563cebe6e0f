//! Calls outward: the one HTTP client, where it may go, and how much it reads.
//!
//! Owns the limits of every call to a provider: no redirects (a 307 would
//! carry a signature to another host), no proxy variables, time limits, and a
//! cap on what is read. What goes wrong is logged once here and leaves as a
//! [`ProviderError`]; neither an address nor a word of the answer is in it.

use std::error::Error;
use std::io;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use reqwest::redirect::Policy;

use super::ProviderError;

/// The longest answer that is read; a provider's are far below.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// How long one call may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until there is a connection: name, TCP and TLS.
    pub connect: Duration,
    /// From the call to the last byte of the answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            total: Duration::from_secs(5),
        }
    }
}

/// The machine trusts no certificate authority.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no trusted root certificates were found: install the package `ca-certificates`")]
pub struct NoRootCertificates;

/// The client for every call outward, made once.
pub fn client() -> Result<reqwest::Client, NoRootCertificates> {
    client_with(Timeouts::default())
}

/// [`client`] with other time limits, for tests that wait for them.
pub fn client_with(timeouts: Timeouts) -> Result<reqwest::Client, NoRootCertificates> {
    builder(timeouts).build().map_err(|_| NoRootCertificates)
}

/// A client for this machine only, which trusts no certificate: a bare machine
/// has none, and needs none to reach a stand-in.
pub fn loopback_client() -> Result<reqwest::Client, reqwest::Error> {
    builder(Timeouts::default()).tls_certs_only([]).build()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that makes a client"
)]
fn builder(timeouts: Timeouts) -> reqwest::ClientBuilder {
    // Refused when a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        // A kept connection that the other side is just closing would make the
        // outcome of a checkout unknown: keep none for long.
        .pool_idle_timeout(Duration::from_secs(15))
}

/// What came back, whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Sends `request` and reads the answer, at most 256 KiB of it. A redirect is
/// a refusal: whoever sends one has not processed the call.
pub(super) async fn send(
    client: &reqwest::Client,
    request: reqwest::RequestBuilder,
) -> Result<Answer, ProviderError> {
    let request = request.build().map_err(failed)?;
    let mut response = client.execute(request).await.map_err(failed)?;
    let status = response.status();
    if status.is_redirection() {
        let text = format!("redirect ({}) where an answer belongs", status.as_u16());
        return Err(logged(ProviderError::Refused(text), None));
    }
    let headers = std::mem::take(response.headers_mut());
    let body = read(&mut response).await?;
    Ok(Answer {
        status,
        headers,
        body,
    })
}

async fn read(response: &mut reqwest::Response) -> Result<Vec<u8>, ProviderError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            let failure = ProviderError::Broken("it is longer than 256 KiB");
            return Err(logged(failure, None));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Names the failure. The library's own text would carry the address.
#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn failed(error: reqwest::Error) -> ProviderError {
    let failure = if error.is_builder() {
        ProviderError::Refused("the request cannot be built".to_owned())
    } else if error.is_connect() {
        ProviderError::Unreachable
    } else if error.is_timeout() {
        ProviderError::TooSlow
    } else {
        ProviderError::Broken("it ended in the middle")
    };
    logged(failure, io_cause(&error))
}

fn logged(failure: ProviderError, cause: Option<io::ErrorKind>) -> ProviderError {
    tracing::warn!(
        cause = cause.map(tracing::field::display),
        "call failed: {failure}"
    );
    failure
}

/// The operating system's word for it, such as "connection refused".
fn io_cause(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        cause = inner.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Instant;

    use axum::body::Body;
    use axum::http::header;
    use axum::response::{IntoResponse, Response};

    use super::*;
    use crate::provider::BaseUrl;
    use crate::provider::scripted::{self, Flow, Received};

    async fn ask(base: &BaseUrl, client: &reqwest::Client) -> Result<Answer, ProviderError> {
        send(
            client,
            client
                .post(base.join("/x?CANARY"))
                .header("x-signature", "CANARY"),
        )
        .await
    }

    fn hasty() -> reqwest::Client {
        client_with(Timeouts {
            connect: Duration::from_millis(200),
            total: Duration::from_millis(400),
        })
        .unwrap()
    }

    async fn asking(
        script: impl Fn(Received) -> Option<Response> + Clone + Send + Sync + 'static,
    ) -> Result<Answer, ProviderError> {
        ask(&scripted::serve(script).await, &hasty()).await
    }

    #[tokio::test]
    async fn a_hanging_provider_is_left_after_five_seconds() {
        let base = scripted::serve(|_| None).await;
        let begun = Instant::now();
        let failure = ask(&base, &client().unwrap()).await.err();
        assert!(
            matches!(failure, Some(ProviderError::TooSlow)),
            "{failure:?}"
        );
        assert!((4..7).contains(&begun.elapsed().as_secs()));
    }

    #[tokio::test]
    async fn a_dripping_answer_is_left_too() {
        let drip = |_| Some(Body::new(Flow::drip(Duration::from_millis(50))).into_response());
        let failure = asking(drip).await.err();
        assert!(
            matches!(failure, Some(ProviderError::TooSlow)),
            "{failure:?}"
        );
    }

    #[tokio::test]
    async fn a_cut_answer_is_broken() {
        let failure = asking(|_| Some(Body::new(Flow::cut()).into_response()))
            .await
            .err();
        assert!(
            matches!(failure, Some(ProviderError::Broken(_))),
            "{failure:?}"
        );
    }

    #[tokio::test]
    async fn an_endless_answer_is_read_to_the_cap_only() {
        let taken = Arc::<AtomicUsize>::default();
        let counter = taken.clone();
        let answer = move |_| Some(Body::new(Flow::endless(counter.clone())).into_response());
        let failure = asking(answer).await.err();
        assert!(
            matches!(failure, Some(ProviderError::Broken(_))),
            "{failure:?}"
        );
        // What the sockets between hold comes on top of the cap.
        assert!(taken.load(Ordering::SeqCst) < 16 * 1024 * 1024);
    }

    #[tokio::test]
    async fn the_cap_itself_is_still_read() {
        let answer = |_| Some(vec![b'a'; MAX_ANSWER_BYTES].into_response());
        assert_eq!(asking(answer).await.unwrap().body.len(), MAX_ANSWER_BYTES);
        let longer = |_| Some(vec![b'a'; MAX_ANSWER_BYTES + 1].into_response());
        assert!(matches!(
            asking(longer).await,
            Err(ProviderError::Broken(_))
        ));
    }

    #[tokio::test]
    async fn a_redirect_is_a_refusal_and_followed_nowhere() {
        for status in [301, 302, 303, 307, 308] {
            let answer = move |received: Received| {
                assert_ne!(received.path, "/elsewhere");
                let status = StatusCode::from_u16(status).unwrap();
                Some((status, [(header::LOCATION, "/elsewhere")]).into_response())
            };
            let failure = asking(answer).await.err();
            assert!(
                matches!(failure, Some(ProviderError::Refused(_))),
                "{failure:?}"
            );
        }
    }

    #[tokio::test]
    async fn without_a_connection_nothing_was_sent() {
        let nobody = scripted::nobody().await;
        let no_tls = scripted::serve(|_| Some(().into_response())).await;
        let no_tls = BaseUrl::parse(&no_tls.as_str().replace("http:", "https:")).unwrap();
        for base in [nobody, no_tls] {
            let failure = ask(&base, &hasty()).await.err();
            assert!(
                matches!(failure, Some(ProviderError::Unreachable)),
                "{failure:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_name_nobody_has_is_unreachable() {
        let base = BaseUrl::parse("https://provider.invalid").unwrap();
        let failure = ask(&base, &hasty()).await.err();
        assert!(
            matches!(failure, Some(ProviderError::Unreachable)),
            "{failure:?}"
        );
    }
}
