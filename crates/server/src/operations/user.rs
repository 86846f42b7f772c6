//! `user add`, `user list`, `user disable`: who may sign in to the counting
//! room.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::{Level, RegionCode};
use protocol::console::Role;
use sqlx::Row as _;
use zeroize::Zeroizing;

use super::open;
use crate::app::AppState;
use crate::config::DataArgs;
use crate::log::Event;
use crate::room::password;
use crate::room::users::{self, KnownUser, User};
use crate::storage::StorageError;

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user, or with --replace give one a new password, role and region.
    Add(AddArgs),
    /// List the users: name, role, region, one a line.
    List(ListArgs),
    /// End a user's sessions and let him or her sign in no more.
    Disable(DisableArgs),
}

/// Flags of `user add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Name to sign in with: small letters, digits, "." "-" "_".
    #[arg(long)]
    name: String,
    /// What the user may do.
    #[arg(long, value_enum)]
    role: RoleArg,
    /// Region code that a coordinator, operator or viewer is for; an admin sees all.
    #[arg(long, value_name = "CODE")]
    region: Option<RegionCode>,
    /// Read the password from the first line of standard input; otherwise it
    /// is asked for.
    #[arg(long)]
    password_stdin: bool,
    /// The user exists: change password, role and region, and end all sessions.
    #[arg(long)]
    replace: bool,
}

/// Flags of `user list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    data: DataArgs,
}

/// Flags of `user disable`.
#[derive(Debug, Args)]
pub struct DisableArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Name of the user.
    #[arg(long)]
    name: String,
}

/// A role as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleArg {
    /// Sees and rules on everything.
    Admin,
    /// Sees and rules on the slots of a region.
    Coordinator,
    /// Works on the queue of a region.
    Operator,
    /// Sees the slots of a region.
    Viewer,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Admin => Self::Admin,
            RoleArg::Coordinator => Self::Coordinator,
            RoleArg::Operator => Self::Operator,
            RoleArg::Viewer => Self::Viewer,
        }
    }
}

/// Does it.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add(args) => add(args).await,
        UserCommand::List(args) => list(args).await,
        UserCommand::Disable(args) => disable(args).await,
    }
}

async fn add(args: AddArgs) -> anyhow::Result<()> {
    let role = Role::from(args.role);
    if !users::is_name(&args.name) {
        bail!(
            "\"{}\" cannot be a user's name: 1 to {} small letters, digits, \".\", \"-\" or \"_\"",
            args.name,
            users::NAME_MAX_CHARS
        );
    }
    match (role, &args.region) {
        // The whole province is what an admin sees anyway.
        (Role::Admin, Some(region)) if region.level() != Level::Province => {
            bail!("an admin sees everything: leave --region out")
        }
        (Role::Coordinator | Role::Operator | Role::Viewer, None) => {
            bail!(
                "a {} needs --region, such as --region 64",
                users::role_name(role)
            )
        }
        _ => {}
    }
    let typed = read_password(args.password_stdin)?;
    let known = KnownUser {
        user: User {
            name: args.name,
            role,
            region: args.region.filter(|_| role != Role::Admin),
        },
        password_hash: password::hash(&typed)?,
    };
    let (app, tasks) = open::data(&args.data).await?;
    let outcome = put(&app, known, args.replace).await;
    tasks.finish(app).await;
    outcome
}

async fn put(app: &AppState, known: KnownUser, replace: bool) -> anyhow::Result<()> {
    if let Some(region) = &known.user.region
        && !is_known_region(app, region).await?
    {
        bail!("there is no region {region} in this election");
    }
    let name = known.user.name.clone();
    let added = app
        .writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move {
                let may = replace || !users::exists(tx.conn(), &known.user.name).await?;
                if may {
                    users::put(tx, &known).await?;
                }
                Ok(may)
            })
        })
        .await?;
    if !added {
        bail!(
            "there is a user {name} already: --replace gives him or her a new password, role and region"
        );
    }
    say(&format!("user {name} may sign in"))
}

/// Before the election is set up, any region may be.
async fn is_known_region(app: &AppState, region: &RegionCode) -> Result<bool, StorageError> {
    let sql = "SELECT CASE WHEN EXISTS (SELECT 1 FROM regions WHERE code = $1)
             OR EXISTS (SELECT 1 FROM tps WHERE code = $1)
             OR NOT EXISTS (SELECT 1 FROM regions) THEN 1 ELSE 0 END";
    let known: i32 = sqlx::query_scalar(sql)
        .bind(region.to_string())
        .fetch_one(app.storage.reading())
        .await?;
    Ok(known == 1)
}

fn read_password(from_stdin: bool) -> anyhow::Result<Zeroizing<String>> {
    if from_stdin {
        let mut line = Zeroizing::new(String::new());
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .context("the password could not be read from standard input")?;
        return Ok(Zeroizing::new(
            line.trim_end_matches(['\r', '\n']).to_owned(),
        ));
    }
    if !std::io::stdin().is_terminal() {
        bail!("there is no terminal to ask for the password on: use --password-stdin");
    }
    let first = Zeroizing::new(rpassword::prompt_password("Password: ")?);
    let second = Zeroizing::new(rpassword::prompt_password("Again: ")?);
    if *first != *second {
        bail!("the two passwords differ");
    }
    Ok(first)
}

async fn list(args: ListArgs) -> anyhow::Result<()> {
    let (app, tasks) = open::data(&args.data).await?;
    let rows = sqlx::query("SELECT name, role, region, disabled_at FROM users ORDER BY name")
        .fetch_all(app.storage.reading())
        .await;
    tasks.finish(app).await;
    for row in rows? {
        let (name, role): (String, String) = (row.try_get("name")?, row.try_get("role")?);
        let region: String = row.try_get("region")?;
        let disabled_at: Option<i64> = row.try_get("disabled_at")?;
        let region = if region.is_empty() { "-" } else { &region };
        let end = disabled_at.map_or("", |_| "\tdisabled");
        say(&format!("{name}\t{role}\t{region}{end}"))?;
    }
    Ok(())
}

async fn disable(args: DisableArgs) -> anyhow::Result<()> {
    let (app, tasks) = open::data(&args.data).await?;
    let name = args.name.clone();
    let outcome = app
        .writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move {
                let was = users::disable(tx, &name).await?;
                if was {
                    tx.append(None, &Event::UserDisabled { name })?;
                }
                Ok(was)
            })
        })
        .await;
    tasks.finish(app).await;
    if !outcome? {
        bail!("there is no user {}", args.name);
    }
    say(&format!("user {} may not sign in any more", args.name))
}

/// One line on standard output.
fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}
