// Every command of the window, once: the build script makes a permission of
// each, and the capability of the one window names them all.
const COMMANDS: &[&str] = &[
    "home",
    "open_again",
    "enrol",
    "suggested_endpoint",
    "open_form",
    "change_draft",
    "set_place",
    "expect_photo",
    "add_photo_piece",
    "cancel_photo",
    "remove_photo",
    "move_photo",
    "set_photo_page",
    "discard_draft",
    "seal",
    "history",
    "deliver_now",
    "connection_returned",
    "read_inbox",
    "set_language",
];
