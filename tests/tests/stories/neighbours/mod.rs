//! What the users of other programs complained about: each complaint is a
//! story here, named for what it forbids.
//!
//! | complaint | where | story |
//! |---|---|---|
//! | after a failed send everything is sent again | getodk/collect#7356 | `sending::a_failed_send_does_not_send_everything_again` |
//! | edit after a cancelled send is refused for ever | getodk/collect#5317 | `sending::a_correction_after_a_broken_send_is_not_refused` |
//! | auto-send does not start when the network returns | getodk/collect#6120 | `sending::sending_begins_by_itself_when_the_network_returns` |
//! | deleting or resetting removes what was never sent | getodk/collect#6475 | `keeping::discarding_a_draft_removes_nothing_that_was_sealed` |
//! | network errors nobody in the field can read | getodk/collect#7290 | `ui/src/field/strings/plain.test.ts` |
//! | data arrives, photos do not; a missing photo looks present | kobocat#432, getodk/central#706 | `room::a_photo_that_has_not_arrived_does_not_look_present` |
//! | retries create duplicates | Survey123Community#389 | `room::forty_two_retries_make_no_duplicates` |
//! | "synced" although it failed | medic/cht-core#8303 | `sending::nothing_but_a_receipt_makes_something_sent` |
//! | server restored from backup: phones believe they have sent | medic/cht-core#8093 | `restored::phones_do_not_believe_a_restored_endpoint` |
//! | after re-assignment the phone counts what the server refuses | medic/cht-core#11306 | `posted::a_reassigned_phone_does_not_count_what_is_refused_as_sent` |
//! | the second writer wins silently | Tangerine#2722 | `conflict::the_second_writer_does_not_win_silently` |
//! | any non-200 answer marks a record as posted | NDI Apollo | `sending::nothing_but_a_receipt_makes_something_sent` |
//! | closing the app loses the upload queue | commitglobal/votemonitor#714 | `keeping::closing_the_app_does_not_lose_what_waits` |
//! | photos at full size kill small servers | kobotoolbox/kpi#4244, getodk/central#150 | `sending::a_photo_does_not_go_at_full_size_unasked` |
//! | resolving a mismatch forces a full re-entry | kiesraad/abacus#3230 | `room::a_mismatch_is_resolved_without_keying_anything_again` |
//! | the status screen dies above 50 stations | kiesraad/abacus#3234 | `room::more_than_fifty_stations_do_not_stop_the_list` |
//! | a warning cannot be explained | kiesraad/abacus#3239 | `room::a_warning_does_not_stay_unexplained` |
//! | missing forms cannot be seen; a second record is skipped | onaio/tally-ho#442 | `room::neither_a_missing_form_nor_a_second_record_is_hidden` |
//! | thrown out of the app while photographing | Sirekap, press | `keeping::being_thrown_out_while_photographing_loses_nothing` |
//! | cannot correct after "green" | Sirekap, press | `keeping::what_was_verified_is_not_closed_to_corrections` |
//! | 105 read as 905 | Sirekap, press | `keeping::a_slip_of_the_finger_is_not_left_unread` |
//! | scripted false entries by the thousand | press 2014, 2019 | `posted::entries_without_an_enrolled_key_count_for_nothing` |
//!
//! A wall display (abacus#3234) is not here: there is none yet.

mod keeping;
mod posted;
mod restored;
mod room;
mod sending;
