//! A merchant for these tests: it makes links, asks, and hears webhooks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use url::form_urlencoded;

use super::super::signature::{Signature, call_sign, canonical};
use crate::StandIn;
use crate::desk::system_millis;

pub(super) type Params = BTreeMap<&'static str, String>;

pub(super) struct Shop {
    pub(super) http: reqwest::Client,
    checkout: String,
    pub(super) api: String,
    pub(super) app_id: String,
    pub(super) secret: String,
    callback: String,
    answers: Arc<Mutex<Vec<u16>>>,
    pub(super) webhooks: mpsc::UnboundedReceiver<Value>,
}

impl Shop {
    pub(super) async fn at(stand_in: &StandIn) -> Self {
        let answers = Arc::default();
        let (callback, webhooks) = listen(Arc::clone(&answers)).await;
        Self {
            http: crate::desk::loopback_client().unwrap(),
            checkout: stand_in.alchemy_checkout_url(),
            api: stand_in.alchemy_api_url(),
            app_id: stand_in.alchemy_app_id().to_owned(),
            secret: stand_in.alchemy_app_secret().to_owned(),
            callback,
            answers,
            webhooks,
        }
    }

    /// Answers the next webhooks with these statuses, then with 200.
    pub(super) fn will_answer(&self, statuses: &[u16]) {
        *self.answers.lock().unwrap() = statuses.to_vec();
    }

    pub(super) fn heard(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.webhooks.try_recv().ok()).collect()
    }

    /// The parameters of a link for five dollars, without its signature.
    pub(super) fn params(&self, order: &str) -> Params {
        let now = system_millis();
        Params::from([
            ("amount", "5.00".to_owned()),
            ("appId", self.app_id.clone()),
            ("callbackUrl", self.callback.clone()),
            ("fiat", "USD".to_owned()),
            ("merchantName", "Ada's & co = 🥯 + more".to_owned()),
            ("merchantOrderNo", order.to_owned()),
            ("name", "<b>Bagel</b> ü".to_owned()),
            ("nonce", "7".to_owned()),
            ("picture", "http://127.0.0.1:9/bagel.png".to_owned()),
            ("redirectUrl", "http://127.0.0.1:9/thanks/1".to_owned()),
            ("timeout", (now + 900_000).to_string()),
            ("timestamp", now.to_string()),
            ("type", "MARKET".to_owned()),
            ("uniqueId", order.to_owned()),
        ])
    }

    /// With the right signature over all there is.
    pub(super) fn sign(&self, mut params: Params) -> Params {
        let pairs = params.iter().map(|(key, value)| (*key, value.as_str()));
        let signature = Signature::of(&self.secret, &canonical(pairs)).base64();
        params.insert("signature", signature);
        params
    }

    pub(super) fn link(&self, params: &Params) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("{}?{}", self.checkout, query.extend_pairs(params).finish())
    }

    /// Follows a link; gives status and page.
    pub(super) async fn follow(&self, link: &str) -> (u16, String) {
        let page = self.http.get(link).send().await.unwrap();
        (page.status().as_u16(), page.text().await.unwrap())
    }

    /// Makes an order by opening its link.
    pub(super) async fn order(&self, order: &str) -> String {
        let link = self.link(&self.sign(self.params(order)));
        let (status, page) = self.follow(&link).await;
        assert_eq!(status, 200, "{page}");
        page
    }

    pub(super) fn call(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let timestamp = system_millis().to_string();
        let sign = call_sign(&self.app_id, &self.secret, &timestamp);
        self.http
            .request(method.parse().unwrap(), format!("{}{path}", self.api))
            .header("appId", &self.app_id)
            .header("timestamp", timestamp)
            .header("sign", sign)
    }

    pub(super) async fn query(&self, order: &str) -> Value {
        let path = format!("/nft/openapi/query/trade?merchantOrderNo={order}");
        json_of(self.call("GET", &path)).await
    }

    pub(super) async fn notify(&self, notice: &Value) -> Value {
        let call = self.call("POST", "/nft/openapi/merchant/notice");
        json_of(call.body(notice.to_string())).await
    }
}

pub(super) async fn json_of(call: reqwest::RequestBuilder) -> Value {
    let answer = call.send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&answer).unwrap()
}

async fn listen(answers: Arc<Mutex<Vec<u16>>>) -> (String, mpsc::UnboundedReceiver<Value>) {
    let (sender, received) = mpsc::unbounded_channel();
    let answer = async move |request: Request| {
        let body = to_bytes(request.into_body(), 65536).await.unwrap();
        sender.send(serde_json::from_slice(&body).unwrap()).ok();
        let mut answers = answers.lock().unwrap();
        let status = (!answers.is_empty()).then(|| answers.remove(0));
        StatusCode::from_u16(status.unwrap_or(200)).unwrap()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/b?x=1", listener.local_addr().unwrap());
    let app = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, received)
}
