use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_new_database_is_durable_checked_and_private() {
    let dir = folder();
    let path = dir.path().join("saksi.db");
    let store = Store::open(&path).unwrap();
    let pragma = |name: &str| -> String {
        store
            .connection
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|value| match value {
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Integer(number) => number.to_string(),
                other => format!("{other:?}"),
            })
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal");
    assert_eq!(pragma("synchronous"), "2", "2 is FULL");
    assert_eq!(pragma("foreign_keys"), "1");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        }
    }
}

#[test]
fn the_migrations_are_sound() {
    Migrations::from_slice(MIGRATIONS).validate().unwrap();
}

#[test]
fn a_file_that_is_no_database_is_said_to_be_none_and_left_as_it_was() {
    let dir = folder();
    let path = dir.path().join("saksi.db");
    let text = "catatan belanja ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::NotADatabase)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn another_programs_database_is_not_taken_over() {
    let dir = folder();
    let path = dir.path().join("saksi.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::NotADatabase)));
}

#[test]
fn a_database_from_a_newer_app_is_not_touched() {
    let dir = folder();
    let path = dir.path().join("saksi.db");
    drop(Store::open(&path).unwrap());
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 999)
        .unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::FromTheFuture)));
}

#[test]
fn a_database_that_cannot_be_written_says_so() {
    let dir = folder();
    let path = dir.path().join("saksi.db");
    // Written once in the old journal mode, so that opening must change it.
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "application_id", APPLICATION_ID)
        .unwrap();
    let opened = Store::open_with(&path, OpenFlags::SQLITE_OPEN_READ_ONLY);
    assert!(matches!(opened, Err(StoreError::ReadOnly)), "{opened:?}");
}

#[test]
fn a_database_cut_in_half_is_damaged_not_empty() {
    let dir = folder();
    let path = dir.path().join("saksi.db");
    drop(Store::open(&path).unwrap());
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let opened = Store::open(&path).and_then(|store| {
        store
            .connection
            .query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
            .map_err(StoreError::from)
    });
    assert!(matches!(opened, Err(StoreError::Damaged(_))), "{opened:?}");
}
