//! What an operator can set, by flag or by environment. Nothing has to be.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crate::clock::Clock;

/// Where the data is: shared by all commands.
#[derive(Debug, Clone, clap::Args)]
pub struct DataArgs {
    /// Data folder: the database (unless DATABASE_URL is set), photos (unless
    /// PHOTOS_URL is set), parts of photos still arriving, and server.key.
    #[arg(
        long,
        env = "SAKSI_DATA",
        default_value = "saksi-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,

    /// PostgreSQL to use instead of the SQLite file in the data folder, as
    /// postgres://user:password@host/database. server.key stays in the data folder.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

/// Where photos are kept: for commands that touch them.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct PhotosArgs {
    /// S3 bucket for photos instead of a folder, as s3://bucket/prefix. Access
    /// by the usual AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, and
    /// AWS_ENDPOINT for other makers of S3.
    #[arg(long, env = "PHOTOS_URL", value_name = "URL")]
    pub photos_url: Option<String>,
}

/// Flags of `serve`.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataArgs,

    /// Where photos are.
    #[command(flatten)]
    pub photos: PhotosArgs,

    /// Address to listen on; port 0 takes a free one.
    #[arg(
        long,
        env = "SAKSI_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,

    /// Addresses that devices are told to use, in order of preference, with
    /// commas between. Default: http:// and the address listened on.
    #[arg(
        long,
        env = "SAKSI_PUBLIC_URL",
        value_delimiter = ',',
        value_name = "URL"
    )]
    pub public_url: Vec<String>,

    /// Phone numbers that take SMS, told to devices, with commas between.
    #[arg(
        long,
        env = "SAKSI_SMS_NUMBERS",
        value_delimiter = ',',
        value_name = "NUMBER"
    )]
    pub sms_numbers: Vec<String>,

    /// Believe the last address in X-Forwarded-For: only behind a proxy of
    /// your own that sets it.
    #[arg(long, env = "SAKSI_TRUST_PROXY")]
    pub trust_proxy: bool,

    /// Bearer token that GET /metrics asks for. Without one there is no such
    /// address on the public listener.
    #[arg(
        long,
        env = "SAKSI_METRICS_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub metrics_token: Option<String>,

    /// Address of a listener of its own for GET /metrics, which asks for no
    /// token there.
    #[arg(long, env = "SAKSI_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
}

/// What the endpoint runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// PostgreSQL instead of SQLite in the data folder.
    pub database_url: Option<String>,
    /// S3 instead of a folder in the data folder.
    pub photos_url: Option<String>,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Addresses that devices are told; empty for the one listened on.
    pub public_urls: Vec<String>,
    /// Numbers that take SMS.
    pub sms_numbers: Vec<String>,
    /// Whether X-Forwarded-For is believed.
    pub trust_proxy: bool,
    /// Token of the metrics.
    pub metrics_token: Option<String>,
    /// Listener of the metrics alone.
    pub metrics_listen: Option<SocketAddr>,
    /// Tells the time.
    pub clock: Clock,
}

impl Config {
    /// The embedded default in `data`, on a free port of this machine.
    #[must_use]
    pub fn embedded(data: PathBuf) -> Self {
        Self {
            data,
            database_url: None,
            photos_url: None,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            public_urls: Vec::new(),
            sms_numbers: Vec::new(),
            trust_proxy: false,
            metrics_token: None,
            metrics_listen: None,
            clock: Clock::system(),
        }
    }
}

impl From<ServeArgs> for Config {
    fn from(args: ServeArgs) -> Self {
        let filled = |list: Vec<String>| list.into_iter().filter(|one| !one.is_empty()).collect();
        Self {
            data: args.data.data,
            database_url: args.data.database_url.filter(|url| !url.is_empty()),
            photos_url: args.photos.photos_url.filter(|url| !url.is_empty()),
            listen: args.listen,
            public_urls: filled(args.public_url),
            sms_numbers: filled(args.sms_numbers),
            trust_proxy: args.trust_proxy,
            metrics_token: args.metrics_token.filter(|token| !token.is_empty()),
            metrics_listen: args.metrics_listen,
            clock: Clock::system(),
        }
    }
}
