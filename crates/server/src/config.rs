//! What an operator can set, by flag or by environment. Nothing has to be.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crate::clock::Clock;

/// Megabits of photos that an endpoint takes in per second, unless told
/// otherwise: what a small rented machine does.
const PHOTO_INTAKE_MBIT: u32 = 400;
/// Fewest symbols of a secret.
const SECRET_MIN_SYMBOLS: usize = 16;

/// A secret that does not show itself in logs.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The secret in `text`, without the space around it; `None` when it is
    /// too short to be one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() >= SECRET_MIN_SYMBOLS).then(|| Self(text.to_owned()))
    }

    /// The secret itself, to compare with.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(…)")
    }
}

/// What is wrong with a setting, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// The gateway's secret is too easy to guess.
    #[error("the secret of the SMS gateway needs at least {SECRET_MIN_SYMBOLS} symbols")]
    ShortSecret,
    /// Its file cannot be read.
    #[error("the secret of the SMS gateway cannot be read from {file}: {cause}")]
    SecretFile {
        /// Its path.
        file: String,
        /// What the system says.
        cause: std::io::Error,
    },
}

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

    /// Secret that the SMS gateway shows as its bearer token. Without one, no
    /// SMS are taken in. Better kept in a file, see below.
    #[arg(
        long,
        env = "SAKSI_SMS_GATEWAY_SECRET",
        value_name = "SECRET",
        hide_env_values = true,
        conflicts_with = "sms_gateway_secret_file"
    )]
    pub sms_gateway_secret: Option<String>,

    /// File whose first line is that secret.
    #[arg(long, env = "SAKSI_SMS_GATEWAY_SECRET_FILE", value_name = "FILE")]
    pub sms_gateway_secret_file: Option<PathBuf>,

    /// Megabits of photos that this endpoint takes in per second. When more
    /// has been announced, phones are asked to spread their photos over time.
    #[arg(
        long,
        env = "SAKSI_PHOTO_INTAKE_MBIT",
        default_value_t = PHOTO_INTAKE_MBIT,
        value_name = "MBIT",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub photo_intake_mbit: u32,

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
    /// What the SMS gateway shows; without it no SMS are taken in.
    pub sms_gateway_secret: Option<Secret>,
    /// Megabits of photos taken in per second.
    pub photo_intake_mbit: u32,
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
            sms_gateway_secret: None,
            photo_intake_mbit: PHOTO_INTAKE_MBIT,
            trust_proxy: false,
            metrics_token: None,
            metrics_listen: None,
            clock: Clock::system(),
        }
    }
}

impl TryFrom<ServeArgs> for Config {
    type Error = ConfigFault;

    fn try_from(args: ServeArgs) -> Result<Self, ConfigFault> {
        let sms_gateway_secret = gateway_secret(&args)?;
        let filled = |list: Vec<String>| list.into_iter().filter(|one| !one.is_empty()).collect();
        Ok(Self {
            data: args.data.data,
            database_url: args.data.database_url.filter(|url| !url.is_empty()),
            photos_url: args.photos.photos_url.filter(|url| !url.is_empty()),
            listen: args.listen,
            public_urls: filled(args.public_url),
            sms_numbers: filled(args.sms_numbers),
            sms_gateway_secret,
            photo_intake_mbit: args.photo_intake_mbit,
            trust_proxy: args.trust_proxy,
            metrics_token: args.metrics_token.filter(|token| !token.is_empty()),
            metrics_listen: args.metrics_listen,
            clock: Clock::system(),
        })
    }
}

fn gateway_secret(args: &ServeArgs) -> Result<Option<Secret>, ConfigFault> {
    let text = match &args.sms_gateway_secret_file {
        Some(file) => std::fs::read_to_string(file).map_err(|cause| ConfigFault::SecretFile {
            file: file.display().to_string(),
            cause,
        })?,
        None => args.sms_gateway_secret.clone().unwrap_or_default(),
    };
    let is_set = args.sms_gateway_secret_file.is_some() || !text.is_empty();
    if !is_set {
        return Ok(None);
    }
    let first = text.lines().next().unwrap_or_default();
    Secret::new(first).map(Some).ok_or(ConfigFault::ShortSecret)
}
