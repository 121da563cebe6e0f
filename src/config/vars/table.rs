//! The rows themselves.

use super::{Value, Variable};

/// Makes a constant of each row, and [`TABLE`] of them all.
macro_rules! variables {
    ($($name:ident $value:ident($text:literal) $meaning:literal)*) => {
        $(pub(in crate::config) const $name: Variable = Variable {
            name: stringify!($name),
            value: Value::$value($text),
            meaning: $meaning,
        };)*

        /// Every variable, in the order of docs/settings.md.
        pub const TABLE: &[Variable] = &[$($name),*];
    };
}

variables! {
    ALLSCALE_API_KEY Secret("your_api_key_here")
        "API key of your Allscale store; starts with `st_`"
    ALLSCALE_API_SECRET Secret("your_api_secret_here")
        "API secret of your Allscale store; starts with `st_`"
    ALLSCALE_BASE_URL Default("https://openapi.allscale.io")
        "Where Allscale's API lives; plain http only on localhost"
    ALLSCALE_CURRENCY Unset("USD")
        "The older name of `BAGEL_CURRENCY`, read where that is not set"
    ALLSCALE_SIGNED_RESPONSES Default("false")
        "`true` once response signing is on for your store: replies without a valid signature are then refused"
    ALCHEMY_PAY_APP_ID Unset("ahzxh0klegv1fzol")
        "App id from Alchemy Pay's operations team, for payments by card"
    ALCHEMY_PAY_APP_SECRET UnsetSecret("your_app_secret_here")
        "App secret that belongs to the app id"
    ALCHEMY_PAY_ENV Default("production")
        "`test` for Alchemy Pay's test environment, which charges no card and has an app id and a secret of its own"
    ALCHEMY_PAY_CHECKOUT_URL Unset("https://nftcheckout.alchemypay.org")
        "Where Alchemy Pay's hosted page lives, whatever `ALCHEMY_PAY_ENV` selects; plain http only on localhost"
    ALCHEMY_PAY_API_URL Unset("https://openapi-nft.alchemypay.org")
        "Where Alchemy Pay's API lives, whatever `ALCHEMY_PAY_ENV` selects; plain http only on localhost"
    DATABASE_URL DefaultSecret("sqlite://data/bagel.db")
        "The ledger: `sqlite://` and the path of a file (its folder must exist; only the default one is created), or `postgres://user:password@host/database`, which several replicas may share"
    BAGEL_BIND Default("127.0.0.1:8080")
        "Address and port to listen on; `0.0.0.0:8080` for every interface"
    BAGEL_PUBLIC_URL Unset("https://bagel.example.com")
        "Where supporters reach the page: https, or http on localhost. Needed to bring them back after paying, and by Alchemy Pay; a path in it is served as prefix"
    BAGEL_TRUSTED_PROXIES Unset("127.0.0.1,10.0.0.0/8")
        "Addresses and networks of your reverse proxies; only their `X-Forwarded-For` is believed"
    BAGEL_CHECKOUT_PER_MINUTE Default("5")
        "Checkouts a minute for each client, 1 to 6000"
    BAGEL_STATUS_PER_MINUTE Default("60")
        "Status requests a minute for each client, 1 to 6000"
    BAGEL_RECONCILE_SECONDS Default("30")
        "When an open donation is first looked up at the provider without being asked, 1 to 3600"
    BAGEL_LOG_FORMAT Default("text")
        "Log lines as `text` or `json`"
    RUST_LOG Default("info")
        "What is logged: `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,bagel=debug`"
    BAGEL_NAME Default("me")
        "Who gets the bagel: the page says \"Buy (name) a bagel\". At most 80 characters"
    BAGEL_BIO Unset("'Baker by day, programmer by night.'")
        "A few words under the name, at most 500 characters"
    BAGEL_THANKS Unset("'You keep the oven warm. Thank you!'")
        "Your own thank-you text, shown after payment, at most 500 characters"
    BAGEL_AVATAR Unset("avatar.png")
        "Your picture: a PNG, JPEG or WebP file of at most 512 KiB, or an https URL"
    BAGEL_CURRENCY Default("USD")
        "Currency of the page: `USD`, `EUR`, `GBP`, `CAD`, `AUD`, `JPY`, `CNY`, `SGD`, `HKD`, or `USDT` for prices in the coin itself (Allscale alone)"
    BAGEL_PRESETS Default("1,3,5,10")
        "Amounts to choose from, one to eight (JPY: `200,500,1000,2000`)"
    BAGEL_CUSTOM_AMOUNT Default("true")
        "Whether supporters may choose another amount"
    BAGEL_MIN_AMOUNT Default("0.10")
        "Smallest amount (CNY and HKD: `1.00`, JPY: `50`)"
    BAGEL_MAX_AMOUNT Default("10000.00")
        "Largest amount (JPY: `1000000`)"
    BAGEL_VISIBILITY_DEFAULT Default("nothing")
        "What is ticked at first under \"What may be shown publicly\": a list of `name`, `message`, `amount`, or `nothing`. The supporter decides"
    BAGEL_THEME Default("auto")
        "`auto` follows the supporter's device; or `light`, `dark`"
    BAGEL_ACCENT Unset("b33f1e")
        "Your colour for the button, links and borders, such as `b33f1e`; where it cannot be read it is made darker or lighter, and the log says so"
    BAGEL_TWITTER Unset("your_handle")
        "Your handle on X, or an https URL"
    BAGEL_GITHUB Unset("your_handle")
        "Your handle on GitHub, or an https URL"
    BAGEL_WEBSITE Unset("https://example.com")
        "Your site, an https URL"
    BAGEL_NOTIFY_WEBHOOK_URL UnsetSecret("https://example.com/your/own/hook")
        "Posts each donation to your own endpoint; see `docs/notifications.md`"
    BAGEL_NOTIFY_WEBHOOK_SECRET UnsetSecret("whsec_and_base64")
        "Signs what is posted: `whsec_` and the Base64 of 24 to 64 random bytes"
    BAGEL_NOTIFY_DISCORD_URL UnsetSecret("https://discord.com/api/webhooks/number/token")
        "Tells a Discord channel: the address of its webhook"
    BAGEL_NOTIFY_SLACK_URL UnsetSecret("https://hooks.slack.com/services/three/parts/here")
        "Tells a Slack channel: the address of an incoming webhook"
    BAGEL_NOTIFY_NTFY_URL UnsetSecret("https://ntfy.sh/a_name_nobody_guesses")
        "Tells your phone by ntfy: the address of a topic"
    BAGEL_NOTIFY_NTFY_TOKEN UnsetSecret("tk_and_letters")
        "Access token of your ntfy server, if it wants one"
    BAGEL_NOTIFY_TELEGRAM_TOKEN UnsetSecret("123456789:and_letters")
        "Tells a Telegram chat: the token of your bot"
    BAGEL_NOTIFY_TELEGRAM_CHAT Unset("-1001234567890")
        "The chat it writes to: a number, or a public channel's `@name`"
    BAGEL_NOTIFY_TELEGRAM_URL Default("https://api.telegram.org")
        "Where the Bot API is, if you run your own"
    BAGEL_NOTIFY_SMTP_URL UnsetSecret("smtps://user:password@smtp.example.com")
        "Tells you by e-mail: your mail server, `smtps://` or `smtp://…:587?tls=required`"
    BAGEL_NOTIFY_EMAIL_FROM Unset("'Bagel <bagel@example.com>'")
        "Who writes the e-mail"
    BAGEL_NOTIFY_EMAIL_TO Unset("ada@example.com")
        "Who gets the e-mail"
}
