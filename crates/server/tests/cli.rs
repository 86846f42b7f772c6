//! Stories of an operator at the command line, with the real binary.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const TPS: &str = "6472011001001";

fn saksi_server(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saksi-server"));
    command
        .args(args)
        .env_clear()
        .env("SAKSI_DATA", data)
        .stdin(Stdio::null());
    command
}

fn run(data: &Path, args: &[&str]) -> Output {
    saksi_server(data, args).output().unwrap()
}

fn said(output: &Output) -> (bool, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.success(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A serving process, killed when the story ends early.
struct Serving {
    child: Child,
    address: String,
    errors: std::thread::JoinHandle<String>,
}

fn serve(data: &Path) -> Serving {
    let mut child = saksi_server(data, &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let mut errors = child.stderr.take().unwrap();
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        errors.read_to_string(&mut text).unwrap();
        text
    });
    let address = line.trim().strip_prefix("siap di http://").unwrap();
    Serving {
        address: address.to_owned(),
        child,
        errors,
    }
}

impl Serving {
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks it to stop; whether it ended well, and what it logged.
    fn terminate(mut self) -> (bool, String) {
        let pid = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(killed.success());
        let status = self.child.wait().unwrap();
        (status.success(), self.errors.join().unwrap())
    }
}

#[test]
fn an_operator_seeds_serves_and_makes_codes_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (ok, out, errors) = said(&run(&data, &["seed", "kaltim"]));
    assert!(ok, "{errors}");
    assert!(out.contains("11441"), "{out}");
    let serving = serve(&data);
    assert!(serving.get("/healthz").starts_with("HTTP/1.1 200"));
    let witness = "Saksi Contoh Rahasia";
    let args = ["enrol-code", "--tps", TPS, "--witness", witness];
    let (ok, first, errors) = said(&run(&data, &args));
    assert!(ok, "{errors}");
    let code: protocol::EnrolCode = first.trim_end().parse().unwrap();
    assert_eq!(first, format!("{code}\n"), "alone on a line");
    let (_, second, _) = said(&run(&data, &args));
    assert_ne!(first, second, "one new code for one more device");
    let (ok, out, _) = said(&run(&data, &["seed", "kaltim"]));
    assert!(ok);
    assert!(out.contains("(0 new)"), "{out}");
    let (ok, log) = serving.terminate();
    assert!(ok, "{log}");
    assert!(log.contains("stopped"), "{log}");
    for secret in [witness, first.trim_end(), code.normalised()] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn mistakes_are_answered_with_a_sentence_and_nothing_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for (args, sentence) in [
        (
            &["enrol-code", "--tps", TPS, "--witness", "A"][..],
            "no endpoint's data",
        ),
        (
            &["enrol-code", "--tps", "6472", "--witness", "A"],
            "not a region code",
        ),
        (&["serve", "--listen", "nonsense"], "--listen"),
        (
            &["serve", "--sms-gateway-secret", "pendek"],
            "at least 16 symbols",
        ),
        (
            &["serve", "--sms-gateway-secret-file", "/tidak/ada"],
            "/tidak/ada",
        ),
        (
            &["serve", "--photo-intake-mbit", "0"],
            "--photo-intake-mbit",
        ),
        (&["import", "x.saksi"], "no endpoint's data"),
        (&["import"], "FILE"),
        (&["seed", "jakarta"], "jakarta"),
    ] {
        let (ok, out, errors) = said(&run(&data, args));
        assert!(!ok, "{args:?}");
        assert_eq!(out, "");
        assert!(errors.contains(sentence), "{errors}");
        assert!(!data.exists(), "nothing is made by mistake");
    }
}

#[test]
fn a_code_needs_a_polling_station_that_is_here_and_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (ok, _, errors) = said(&run(&data, &["seed", "kaltim"]));
    assert!(ok, "{errors}");
    let unknown = ["enrol-code", "--tps", "1101010001001", "--witness", "A"];
    let (ok, out, errors) = said(&run(&data, &unknown));
    assert_eq!((ok, out.as_str()), (false, ""));
    assert!(
        errors.contains("no polling station 1101010001001"),
        "{errors}"
    );
    let nameless = ["enrol-code", "--tps", TPS, "--witness", "  "];
    let (ok, _, errors) = said(&run(&data, &nameless));
    assert!(!ok);
    assert!(errors.contains("needs a name"), "{errors}");
}

#[test]
fn the_help_names_every_setting_and_its_variable() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, out, _) = said(&run(folder.path(), &["serve", "--help"]));
    assert!(ok);
    for name in [
        "SAKSI_DATA",
        "SAKSI_LISTEN",
        "DATABASE_URL",
        "PHOTOS_URL",
        "SAKSI_PUBLIC_URL",
        "SAKSI_SMS_NUMBERS",
        "SAKSI_SMS_GATEWAY_SECRET",
        "SAKSI_SMS_GATEWAY_SECRET_FILE",
        "SAKSI_PHOTO_INTAKE_MBIT",
        "SAKSI_TRUST_PROXY",
        "SAKSI_METRICS_TOKEN",
        "SAKSI_LOG",
    ] {
        assert!(out.contains(name), "{name} is missing in:\n{out}");
    }
    let (_, out, _) = said(&run(folder.path(), &["--help"]));
    for command in [
        "serve",
        "seed",
        "enrol-code",
        "device",
        "post",
        "user",
        "import",
        "backup",
        "restore",
        "verify-log",
    ] {
        assert!(out.contains(command), "{command} is missing in:\n{out}");
    }
}
