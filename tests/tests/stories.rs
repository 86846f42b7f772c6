//! The main job and its neighbours, from a witness's device to the counting
//! room, each story on SQLite and a folder and on a real PostgreSQL with a
//! real S3 server.

mod stories {
    mod conflict;
    mod cut;
    mod main_job;
    mod neighbours;
    mod photos;
    pub(crate) mod scene;
}
