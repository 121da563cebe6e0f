use super::AddressError::{
    NotAPage, NotAUrl, NotHttps, OddPath, PageNotHttps, QueryOrFragment, TooMuch, UserInfo,
};
use super::*;

#[test]
fn a_base_is_https_or_on_loopback() {
    for text in [
        "https://openapi.allscale.io",
        "http://localhost:8081",
        "http://127.8.9.1:1",
        "http://[::1]:8081",
    ] {
        let base = BaseUrl::parse(text).unwrap();
        assert_eq!(base.is_loopback(), text.starts_with("http:"), "{text}");
        assert_eq!(base.as_str(), text);
    }
}

#[test]
fn everything_else_is_named() {
    for (text, problem) in [
        ("", NotAUrl),
        ("openapi.allscale.io", NotAUrl),
        ("https://", NotAUrl),
        ("http://openapi.allscale.io", NotHttps),
        ("http://localhost.evil.example", NotHttps),
        ("http://10.0.0.1", NotHttps),
        ("ftp://localhost", NotHttps),
        ("https://key:secret@openapi.allscale.io", UserInfo),
        ("https://key@openapi.allscale.io", UserInfo),
        ("https://openapi.allscale.io/?a", QueryOrFragment),
        ("https://openapi.allscale.io/#a", QueryOrFragment),
    ] {
        assert_eq!(BaseUrl::parse(text), Err(problem), "{text}");
    }
}

#[test]
fn a_path_of_the_base_becomes_a_prefix() {
    for (base, address) in [
        ("https://a.example", "https://a.example/v1/x/"),
        ("https://a.example//", "https://a.example/v1/x/"),
        ("https://a.example/pay/", "https://a.example/pay/v1/x/"),
    ] {
        let joined = BaseUrl::parse(base).unwrap().join("/v1/x/");
        assert_eq!(joined.as_str(), address);
    }
}

#[test]
fn a_visitor_is_sent_to_safe_places_only() {
    let live = BaseUrl::parse("https://openapi.allscale.io").unwrap();
    let here = BaseUrl::parse("http://localhost:8081").unwrap();
    for text in [
        "",
        "//x",
        "/pay",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://evil.example/pay",
        "https://good.example@evil.example/pay",
        "https://",
    ] {
        assert_eq!(live.safe_link(text), None, "{text}");
        assert_eq!(here.safe_link(text), None, "{text}");
    }
    assert!(live.safe_link("https://checkout.allscale.io/abc").is_some());
    assert!(live.safe_link("http://localhost:8081/pay").is_none());
    assert!(here.safe_link("http://localhost:8081/pay").is_some());
}

#[test]
fn a_secret_address_shows_nothing_of_itself() {
    let url = SecretUrl::parse("https://CANARY.example/CANARY?CANARY").unwrap();
    assert!(!format!("{url:?}").contains("CANARY"));
}

#[test]
fn a_secret_travels_over_https_or_within_this_machine() {
    for (text, problem) in [
        ("http://chat.example/hook", NotHttps),
        ("http://localhost.example/hook", NotHttps),
        ("chat.example/hook", NotAUrl),
        ("https://ada:key@chat.example/hook", UserInfo),
        ("https://chat.example/#hook", QueryOrFragment),
    ] {
        assert_eq!(SecretUrl::parse(text), Err(problem), "{text}");
    }
    assert!(
        SecretUrl::parse("http://127.0.0.1:1/hook")
            .unwrap()
            .is_loopback()
    );
}

#[test]
fn splits_origin_and_prefix() {
    for (text, origin, prefix) in [
        ("https://a.example", "https://a.example", ""),
        ("https://A.example:443/", "https://a.example", ""),
        (
            "https://a.example:8443/tips/",
            "https://a.example:8443",
            "/tips",
        ),
        (
            "https://a.example/~ada/v1.0_x-y",
            "https://a.example",
            "/~ada/v1.0_x-y",
        ),
        ("http://localhost:8080", "http://localhost:8080", ""),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", ""),
        ("http://[::1]:8080", "http://[::1]:8080", ""),
    ] {
        let url = PublicUrl::parse(text).unwrap();
        assert_eq!((url.origin(), url.prefix()), (origin, prefix), "{text}");
        assert_eq!(url.is_https(), text.starts_with("https"));
        assert_eq!(url.join("/thanks/1"), format!("{origin}{prefix}/thanks/1"));
    }
}

#[test]
fn refuses_what_cannot_be_served_safely() {
    for (text, error) in [
        ("bagel.example.com", NotAPage),
        ("https://", NotAPage),
        ("http://bagel.example.com", PageNotHttps),
        ("http://10.0.0.1:8080", PageNotHttps),
        ("http://localhost.example.com", PageNotHttps),
        ("ftp://localhost", PageNotHttps),
        ("https://ada@a.example", TooMuch),
        ("https://ada:CANARY@a.example", TooMuch),
        ("https://a.example/?x", TooMuch),
        ("https://a.example/#x", TooMuch),
        ("https://a.example//x", OddPath),
        ("https://a.example/a//b", OddPath),
        ("https://a.example/a b", OddPath),
        ("https://a.example/{a}", OddPath),
        ("https://a.example/a%2fb", OddPath),
    ] {
        assert_eq!(PublicUrl::parse(text), Err(error), "{text}");
    }
}
