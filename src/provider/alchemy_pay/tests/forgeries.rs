//! Forged webhooks: thousands of alterations, and links passed off as webhooks;
//! none is believed.

use super::*;

/// Numbers that look random and are the same at each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

fn genuine() -> Value {
    signed(&trade(&DonationId::random().to_string(), "PAY_FAIL"))
}

fn forge(genuine: &Value, dice: &mut Dice) -> Vec<u8> {
    match dice.roll(4) {
        0 => other_bytes(genuine, dice),
        1 => other_fields(genuine, dice).to_string().into(),
        2 => other_signature(genuine, dice).to_string().into(),
        _ => other_boundaries(genuine, dice).to_string().into(),
    }
}

/// The bytes changed, wherever that falls.
fn other_bytes(genuine: &Value, dice: &mut Dice) -> Vec<u8> {
    let mut body = genuine.to_string().into_bytes();
    let place = dice.roll(body.len());
    match dice.roll(4) {
        0 => body.truncate(place),
        1 => body.insert(place, b"{}\",:&=x"[dice.roll(8)]),
        2 => drop(body.remove(place)),
        _ => body[place] ^= 1 << dice.roll(8),
    }
    body
}

fn name(genuine: &Value, dice: &mut Dice) -> String {
    let fields = genuine.as_object().unwrap();
    fields.keys().nth(dice.roll(fields.len())).unwrap().clone()
}

/// A field changed, gone, new, or with another's text.
fn other_fields(genuine: &Value, dice: &mut Dice) -> Value {
    let (mut body, name) = (genuine.clone(), name(genuine, dice));
    let text = body[&name].as_str().unwrap().to_owned();
    body[&name] = match dice.roll(7) {
        0 => Value::Null,
        1 => json!(7),
        2 => json!(format!("{text} ")),
        3 => json!(format!("{text}0")),
        4 => json!("PAY_SUCCESS"),
        5 => genuine[["amount", "name", "appId"][dice.roll(3)]].clone(),
        _ => {
            body["paid"] = json!("true");
            json!(text)
        }
    };
    body
}

/// Signed with another secret, or in another way.
fn other_signature(genuine: &Value, dice: &mut Dice) -> Value {
    let mut body = genuine.clone();
    let mut fields: Parameters = serde_json::from_value(body.clone()).unwrap();
    let good = fields.take("signature").unwrap();
    let by = |secret: &str| AppSecret::new(secret.into()).sign(&fields);
    body["signature"] = match dice.roll(5) {
        0 => by(&dice.roll(1 << 20).to_string()),
        1 => by(APP_ID),
        2 => by(""),
        3 => good[..dice.roll(good.len())].to_owned(),
        _ => secret().sign_call(APP_ID, &NOW.0.to_string()),
    }
    .into();
    body
}

/// The same string to sign, read as other fields.
fn other_boundaries(genuine: &Value, dice: &mut Dice) -> Value {
    let mut body = genuine.clone();
    let names: Vec<_> = genuine.as_object().unwrap().keys().cloned().collect();
    let signed: Vec<_> = names.iter().filter(|name| *name != "signature").collect();
    let place = dice.roll(signed.len() - 1);
    let (left, right) = (signed[place], signed[place + 1]);
    let text = |name: &str| genuine[name].as_str().unwrap().to_owned();
    body[left] = json!(format!("{}&{right}={}", text(left), text(right)));
    body.as_object_mut().unwrap().remove(right);
    body
}

#[test]
fn no_alteration_of_a_genuine_webhook_is_believed() {
    let genuine = genuine();
    assert!(judge(genuine.to_string().as_bytes()).is_ok());
    let mut same = 0;
    for seed in 0..10_000 {
        let forged = forge(&genuine, &mut Dice(seed));
        if serde_json::from_slice::<Value>(&forged).ok().as_ref() == Some(&genuine) {
            same += 1;
            continue;
        }
        let refusal = judge(&forged).err();
        let text = String::from_utf8_lossy(&forged);
        assert_eq!(
            refusal,
            Some(WebhookRefusal::NotAuthentic),
            "{seed}: {text}"
        );
    }
    assert!(same < 1_000, "{same} were no alterations");
}

/// Every way to read a link's signed string as a webhook's fields.
#[test]
fn a_link_of_our_own_making_is_no_webhook() {
    let shop = uncalled().shop;
    let donation = donation(Currency::Usd);
    let callback = "https://bagel.example/webhooks/alchemy-pay".to_owned();
    let terms = shop.terms(&donation, callback, None, NOW);
    let signature = secret().sign(&terms);
    assert!(secret().verifies(&terms, &signature));
    let pairs: Vec<_> = terms
        .names()
        .map(|name| (name, terms.get(name).unwrap()))
        .collect();
    // Each bit says whether a parameter hides in the text of the one before.
    for hidden in 0_u32..1 << (pairs.len() - 1) {
        let mut fields: Vec<(&str, String)> = Vec::new();
        for (place, (name, text)) in pairs.iter().enumerate() {
            match fields.last_mut() {
                Some(last) if hidden >> (place - 1) & 1 == 1 => {
                    last.1 = format!("{}&{name}={text}", last.1);
                }
                _ => fields.push((name, (*text).to_owned())),
            }
        }
        let mut body: serde_json::Map<String, Value> = fields
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text.into()))
            .collect();
        body.insert("signature".to_owned(), signature.clone().into());
        let refusal = judge(Value::from(body).to_string().as_bytes()).err();
        assert_eq!(refusal, Some(WebhookRefusal::NotAuthentic));
    }
}
