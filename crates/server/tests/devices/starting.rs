//! What an operator reads when the endpoint cannot start.

use server::Config;
use server::keys::KEY_FILE;
use server::storage::SQLITE_FILE;
use sqlx::Connection as _;

/// The sentence with which a start fails.
async fn refusal(config: Config) -> String {
    match server::start(config).await {
        Ok(_) => panic!("it started"),
        Err(cause) => cause.to_string(),
    }
}

fn embedded(folder: &tempfile::TempDir) -> Config {
    Config::embedded(folder.path().to_owned())
}

async fn started_once() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let running = server::start(embedded(&folder)).await.unwrap();
    running.stop().await;
    folder
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut config = embedded(&folder);
    config.listen = taken.local_addr().unwrap();
    let said = refusal(config).await;
    assert!(
        said.contains(&taken.local_addr().unwrap().to_string()),
        "{said}"
    );
}

#[tokio::test]
async fn two_endpoints_do_not_share_a_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let running = server::start(embedded(&folder)).await.unwrap();
    let said = refusal(embedded(&folder)).await;
    assert!(said.contains("another saksi-server"), "{said}");
    running.stop().await;
    let again = server::start(embedded(&folder)).await.unwrap();
    again.stop().await;
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(SQLITE_FILE);
    let text = "this is somebody's shopping list, not a database\n".repeat(50);
    std::fs::write(&file, &text).unwrap();
    let said = refusal(embedded(&folder)).await;
    assert!(said.contains("is not a database"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn a_database_from_the_future_is_left_alone() {
    let folder = started_once().await;
    let url = format!("sqlite:{}", folder.path().join(SQLITE_FILE).display());
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations
        (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)";
    sqlx::raw_sql(newer).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let said = refusal(embedded(&folder)).await;
    assert!(said.contains("newer version"), "{said}");
}

#[tokio::test]
async fn a_data_folder_that_is_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    std::fs::write(&file, "").unwrap();
    let said = refusal(Config::embedded(file.clone())).await;
    assert!(said.contains(&file.display().to_string()), "{said}");
}

#[tokio::test]
async fn a_database_without_its_key_signs_nothing_with_another() {
    let folder = started_once().await;
    let key = folder.path().join(KEY_FILE);
    let right = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let said = refusal(embedded(&folder)).await;
    assert!(
        said.contains("there is no") && said.contains(KEY_FILE),
        "{said}"
    );
    assert!(!key.exists(), "no new key is made");
    let other = started_once().await;
    std::fs::copy(other.path().join(KEY_FILE), &key).unwrap();
    let said = refusal(embedded(&folder)).await;
    assert!(said.contains("belongs to the signing key"), "{said}");
    std::fs::write(&key, right).unwrap();
    let running = server::start(embedded(&folder)).await.unwrap();
    running.stop().await;
}

#[tokio::test]
async fn addresses_that_are_none_are_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = embedded(&folder);
    config.database_url = Some("mysql://localhost/x".to_owned());
    assert!(refusal(config).await.contains("postgres://"));
    let mut config = embedded(&folder);
    config.database_url = Some("postgres://rahasia:kata-sandi@127.0.0.1:1/x".to_owned());
    let said = refusal(config).await;
    assert!(said.contains("127.0.0.1:1/x"), "{said}");
    assert!(!said.contains("kata-sandi"), "{said}");
    let mut config = embedded(&folder);
    config.photos_url = Some("ftp://x".to_owned());
    assert!(refusal(config).await.contains("s3://bucket/prefix"));
}

#[cfg(unix)]
#[tokio::test]
async fn keys_and_data_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let running = server::start(Config::embedded(data.clone())).await.unwrap();
    running.stop().await;
    for (path, mode) in [(data.clone(), 0o700), (data.join(KEY_FILE), 0o600)] {
        let permissions = std::fs::metadata(&path).unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, mode, "{}", path.display());
    }
}
