//! The security headers every answer carries.

use axum::http::{HeaderName, HeaderValue, header};

use crate::app::App;
use crate::config::Avatar;
use crate::outward::PublicUrl;

/// Headers for all answers, made once from the settings.
pub(super) fn security(app: &App) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = vec![
        fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        fixed(header::X_FRAME_OPTIONS, "DENY"),
        fixed(header::REFERRER_POLICY, "same-origin"),
        fixed(header::CACHE_CONTROL, "no-store"),
    ];
    if let Ok(policy) = HeaderValue::try_from(content_security_policy(app)) {
        headers.push((header::CONTENT_SECURITY_POLICY, policy));
    }
    let public_url = app.config.public_url.as_ref();
    if public_url.is_some_and(PublicUrl::is_https) {
        headers.push(fixed(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    }
    headers
}

fn fixed(name: HeaderName, value: &'static str) -> (HeaderName, HeaderValue) {
    (name, HeaderValue::from_static(value))
}

/// Chromium applies `form-action` to every redirect of a form post, so it lists
/// where a checkout may be: https, and a stand-in on this machine.
fn content_security_policy(app: &App) -> String {
    let images = match &app.config.page.avatar {
        Avatar::Url { origin, .. } => format!("'self' {origin}"),
        Avatar::File { .. } | Avatar::None => "'self'".to_owned(),
    };
    let is_stand_in = app.providers.iter().any(|provider| provider.is_stand_in());
    policy(&images, is_stand_in)
}

fn policy(images: &str, is_stand_in: bool) -> String {
    let stand_in = if is_stand_in {
        " http://localhost:* http://127.0.0.1:*"
    } else {
        ""
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; \
         connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self' https:{stand_in}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_money_moves_the_policy_names_this_site_and_https_checkouts_alone() {
        assert_eq!(
            policy("'self'", false),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
             connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
             form-action 'self' https:"
        );
        let with_avatar = policy("'self' https://pictures.example", false);
        assert!(with_avatar.contains("img-src 'self' https://pictures.example; "));
    }
}
