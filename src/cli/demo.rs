//! `bagel demo`: page and stand-in together; `bagel stand-in`: the latter alone.
//!
//! Ignores `.env` and every provider variable, makes a random key pair at each
//! start, and keeps its ledger in a folder of its own under the system's
//! temporary one. The page reaches the stand-in like a real provider: by base
//! URL, over HTTP.

use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;
use clap::builder::RangedI64ValueParser;
use clap::{Args, value_parser};
use tracing_subscriber::filter::{LevelFilter, Targets};
use url::Url;
use uuid::Uuid;

use crate::cli::{ledger, serve};
use crate::config::{Config, LogFormat, PageSettings};
use crate::money::Currency;
use crate::outward::{BaseUrl, PublicUrl};
use crate::provider::{alchemy_pay, allscale};
use stand_in::StandIn;

/// How `bagel demo` is started.
#[derive(Args, Debug)]
pub struct Options {
    /// Port of the page
    #[arg(long, default_value_t = 8080, value_parser = port())]
    port: u16,
    /// Port of the stand-in provider
    #[arg(long, default_value_t = 8081, value_parser = port())]
    stand_in_port: u16,
    /// Address to listen on; 0.0.0.0 in a container
    #[arg(long, default_value = "127.0.0.1", value_parser = host)]
    host: IpAddr,
}

/// How `bagel stand-in` is started.
#[derive(Args, Debug)]
pub struct Alone {
    /// Port to listen on
    #[arg(long, default_value_t = 8081, value_parser = port())]
    port: u16,
    /// Address to listen on; 0.0.0.0 in a container
    #[arg(long, default_value = "127.0.0.1", value_parser = host)]
    host: IpAddr,
    /// Where to send Allscale's webhooks; Alchemy Pay's go where each link says
    #[arg(long, default_value = "http://127.0.0.1:8080/webhooks/allscale")]
    webhook_url: Url,
}

/// Both sides name their own address in links, so a free port of the system's
/// choice, 0, is none to ask for.
fn port() -> RangedI64ValueParser<u16> {
    value_parser!(u16).range(1..)
}

/// Page and stand-in speak plain http, which is for this machine only.
fn host(text: &str) -> Result<IpAddr, String> {
    match text.parse::<IpAddr>() {
        Ok(ip) if ip.is_loopback() || ip.is_unspecified() => Ok(ip),
        _ => Err("the demo is for this machine: 127.0.0.1, ::1, or 0.0.0.0 in a container".into()),
    }
}

/// Runs page and stand-in until the process is asked to stop.
pub async fn run(options: Options) -> anyhow::Result<()> {
    serve::start_logs(LogFormat::Text, warnings());
    let page = format!("http://localhost:{}", options.port);
    let stand_in = start_stand_in(
        SocketAddr::new(options.host, options.stand_in_port),
        Some(settings(format!("{page}/webhooks/allscale").parse())?),
        "--stand-in-port",
    )
    .await?;
    let folder = folder()?;
    let config = config(&options, &stand_in, &page, folder.join("bagel.db"))?;
    let ledger = ledger::open(&config.database).await?;
    let server = serve::start(config, Arc::clone(&ledger), "--port")?;
    greet(&page, &stand_in, &folder)?;
    server.run(serve::stop_signal()?).await;
    ledger.close().await;
    stand_in.stop().await;
    Ok(())
}

/// Runs the stand-in alone and prints the settings that point `bagel serve` at it.
pub async fn run_alone(options: Alone) -> anyhow::Result<()> {
    serve::start_logs(LogFormat::Text, warnings());
    let bind = SocketAddr::new(options.host, options.port);
    let stand_in = start_stand_in(bind, Some(options.webhook_url), "--port").await?;
    print(&format!(
        "# The stand-in provider is on {}. No real money moves.\n\
         # Put these throw-away settings into .env and start `bagel serve`; cards\n\
         # need BAGEL_PUBLIC_URL as well:\n\
         ALLSCALE_BASE_URL={}\nALLSCALE_API_KEY={}\nALLSCALE_API_SECRET={}\n\
         ALCHEMY_PAY_CHECKOUT_URL={}\nALCHEMY_PAY_API_URL={}\n\
         ALCHEMY_PAY_APP_ID={}\nALCHEMY_PAY_APP_SECRET={}\n",
        stand_in.public_url(),
        stand_in.base_url(),
        stand_in.allscale.key(),
        stand_in.allscale.secret(),
        stand_in.alchemy_checkout_url(),
        stand_in.alchemy_api_url(),
        stand_in.alchemy_pay.app_id(),
        stand_in.alchemy_pay.secret(),
    ))?;
    serve::stop_signal()?.await;
    stand_in.stop().await;
    Ok(())
}

async fn start_stand_in(
    bind: SocketAddr,
    webhook_url: Option<Url>,
    setting: &str,
) -> anyhow::Result<StandIn> {
    let options = stand_in::Options {
        bind,
        webhook_url,
        ..stand_in::Options::default()
    };
    StandIn::start(options)
        .await
        .map_err(|error| serve::cannot_listen(bind, &error, setting))
}

fn folder() -> anyhow::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("bagel-demo-{}", Uuid::new_v4().simple()));
    fs::create_dir_all(&folder).map_err(|error| {
        let folder = folder.display();
        anyhow!(
            "the demo's folder {folder} cannot be made: {error}. Choose another place with TMPDIR."
        )
    })?;
    Ok(folder)
}

fn config(
    options: &Options,
    stand_in: &StandIn,
    page: &str,
    ledger: PathBuf,
) -> anyhow::Result<Config> {
    let bind = SocketAddr::new(options.host, options.port);
    let public_url = settings(PublicUrl::parse(page))?;
    let mut config = Config::for_demo(bind, stablecoins(stand_in)?, ledger, public_url.clone());
    config.providers.alchemy_pay = Some(cards(stand_in, public_url, &config.page)?);
    Ok(config)
}

fn stablecoins(stand_in: &StandIn) -> anyhow::Result<allscale::Settings> {
    Ok(allscale::Settings {
        base_url: settings(BaseUrl::parse(&stand_in.base_url()))?,
        api_key: stand_in.allscale.key().to_owned(),
        api_secret: stand_in.allscale.secret().into(),
        currency: Currency::Usd,
        stable_coins: vec![allscale::StableCoin::Usdt],
        signed_responses: false,
    })
}

fn cards(
    stand_in: &StandIn,
    public_url: PublicUrl,
    page: &PageSettings,
) -> anyhow::Result<alchemy_pay::Settings> {
    Ok(alchemy_pay::Settings {
        app_id: stand_in.alchemy_pay.app_id().to_owned(),
        app_secret: stand_in.alchemy_pay.secret().into(),
        checkout_url: settings(BaseUrl::parse(&stand_in.alchemy_checkout_url()))?,
        api_url: settings(BaseUrl::parse(&stand_in.alchemy_api_url()))?,
        public_url,
        merchant: page.name.clone(),
        currency: Currency::Usd,
        bounds: page.bounds,
    })
}

fn settings<T, E: std::fmt::Display>(result: Result<T, E>) -> anyhow::Result<T> {
    result.map_err(|error| anyhow!("the demo's own settings are wrong: {error}"))
}

fn warnings() -> Targets {
    Targets::new().with_default(LevelFilter::WARN)
}

fn greet(page: &str, stand_in: &StandIn, folder: &std::path::Path) -> anyhow::Result<()> {
    let ledger = folder.join("bagel.db");
    let ledger = ledger.display();
    let program = std::env::args().next().unwrap_or_else(|| "bagel".into());
    print(&format!(
        "\n  Buy Me a Bagel, demo: no real money moves.\n\n\
         \x20   The page      {page}\n\
         \x20   The providers {}   (a stand-in for both)\n\
         \x20   The ledger    {ledger}\n\n\
         \x20 Open the page, choose a bagel, and press Pay on the provider's page.\n\
         \x20 Ctrl-C stops both. Meanwhile, in another terminal, this lists the donations:\n\
         \x20   DATABASE_URL=sqlite://{ledger} {program} donations list\n\n",
        stand_in.public_url(),
    ))
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| anyhow!("the addresses could not be printed: {error}"))
}
