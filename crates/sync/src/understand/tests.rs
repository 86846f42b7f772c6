use super::*;

fn answer(status: u16, content_type: &str, body: &str) -> Answer {
    Answer {
        status,
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body: body.to_owned().into(),
    }
}

fn problem(code: ProblemCode) -> Answer {
    let body = serde_json::to_string(&Problem::new(code)).unwrap();
    answer(code.status(), PROBLEM_TYPE, &body)
}

fn trouble(answer: Answer) -> Option<Trouble> {
    match understand(answer) {
        Err(No::Stopped(report)) => Some(report.trouble),
        Ok(_) | Err(No::Refused(_)) => None,
    }
}

#[test]
fn what_stands_in_the_way_is_told_from_the_endpoint() {
    let page = "<html>Silakan masuk</html>";
    for (status, expected) in [
        (301, Trouble::CaptivePortal),
        (302, Trouble::CaptivePortal),
        (403, Trouble::CaptivePortal),
        (404, Trouble::CaptivePortal),
        (407, Trouble::CaptivePortal),
        (511, Trouble::CaptivePortal),
        (429, Trouble::Busy),
        (503, Trouble::Busy),
        (500, Trouble::ServerFault),
        (502, Trouble::ServerFault),
        (504, Trouble::ServerFault),
    ] {
        assert_eq!(
            trouble(answer(status, "text/html", page)),
            Some(expected),
            "{status}"
        );
    }
    let read: Result<protocol::inbox::InboxAnswer, _> = read(&answer(200, "text/html", page));
    assert_eq!(read.unwrap_err().trouble, Trouble::CaptivePortal);
}

#[test]
fn the_endpoints_own_words_are_told_apart() {
    for (code, expected) in [
        (ProblemCode::DeviceRevoked, Some(Trouble::DeviceRevoked)),
        (ProblemCode::TokenUnknown, Some(Trouble::TokenUnknown)),
        (
            ProblemCode::EnrolCodeUnknown,
            Some(Trouble::EnrolCodeUnknown),
        ),
        (ProblemCode::EnrolCodeUsed, Some(Trouble::EnrolCodeUsed)),
        (
            ProblemCode::EnrolCodeExpired,
            Some(Trouble::EnrolCodeExpired),
        ),
        (ProblemCode::EnrolThrottled, Some(Trouble::EnrolThrottled)),
        (ProblemCode::Overloaded, Some(Trouble::Busy)),
        (ProblemCode::Internal, Some(Trouble::ServerFault)),
        (ProblemCode::NotAssigned, None),
        (ProblemCode::PhotoNotAnnounced, None),
    ] {
        assert_eq!(trouble(problem(code)), expected, "{code:?}");
    }
}

#[test]
fn a_code_of_a_newer_endpoint_means_what_its_status_means() {
    let newer = |status| answer(status, PROBLEM_TYPE, r#"{"code":"moon_phase"}"#);
    assert_eq!(trouble(newer(503)), Some(Trouble::Busy));
    assert_eq!(trouble(newer(401)), Some(Trouble::TokenUnknown));
    let refused = understand(newer(422));
    assert!(matches!(
        refused,
        Err(No::Refused(Refusal {
            code: None,
            status: 422,
            ..
        }))
    ));
}

#[test]
fn the_wait_that_the_endpoint_asks_for_is_heard() {
    let wait = |value: &str| {
        let mut busy = problem(ProblemCode::Overloaded);
        busy.headers
            .push(("retry-after".to_owned(), value.to_owned()));
        busy.headers.push((
            "date".to_owned(),
            "Wed, 27 Nov 2024 10:00:00 GMT".to_owned(),
        ));
        match understand(busy) {
            Err(No::Stopped(report)) => report.retry_after_ms,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait("7"), Some(7_000));
    assert_eq!(wait("Wed, 27 Nov 2024 10:00:30 GMT"), Some(30_000));
    assert_eq!(wait("99999999"), Some(RETRY_AFTER_MAX_MS));
    assert_eq!(wait("soon"), None);
}
