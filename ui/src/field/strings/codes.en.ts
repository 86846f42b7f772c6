// What each code means to a witness, and what to do, in English.
import type { CodeWords } from "./words";

const tellCoordinator = "Tell your coordinator. Your data are safe on this phone.";
const tryLater = "Nothing to do; it will be tried again by itself.";
const askNewCode = "Ask your coordinator for a new code.";
const appFault = "This is the app's fault, not yours.";
const chooseOther = "Retake it, or choose another photo.";

export const codesEn: CodeWords = {
  trouble: {
    no_connection: {
      says: "No internet connection.",
      todo: "Turn on mobile data or look for signal. What you saved will be sent by itself.",
    },
    no_answer: {
      says: "Connected, but the server does not answer.",
      todo: "The signal may be weak. It will be tried again by itself.",
    },
    captive_portal: {
      says: "This Wi-Fi asks you to log in first.",
      todo: "Log in on the Wi-Fi's page, or turn Wi-Fi off and use mobile data.",
    },
    wrong_server: {
      says: "What answered is not the server this phone knows.",
      todo: "Turn Wi-Fi off and use mobile data. If it stays so, tell your coordinator.",
    },
    bad_address: {
      says: "The server address cannot be read.",
      todo: "Check the typing. Example: saksi.contoh.id",
    },
    wrong_clock: {
      says: "The date or time of this phone is wrong.",
      todo: "Set date and time to automatic in the phone's settings, then try again.",
    },
    insecure_connection: {
      says: "A secure connection to the server could not be made.",
      todo: "Check the address, or change networks. If it stays so, tell your coordinator.",
    },
    busy: { says: "The server is busy.", todo: tryLater },
    server_fault: { says: "The server has a fault.", todo: tryLater },
    device_revoked: {
      says: "Your coordinator has revoked this phone.",
      todo: "Call your coordinator. Everything saved is still on this phone.",
    },
    token_unknown: { says: "The server does not know this phone any more.", todo: tellCoordinator },
    code_mistyped: {
      says: "The enrolment code is mistyped.",
      todo: "Compare it letter by letter with the code you were given.",
    },
    enrol_code_unknown: {
      says: "The server does not know this code.",
      todo: "Check the code and the address. If both are right, ask for a new code.",
    },
    enrol_code_used: {
      says: "This code was used by another phone.",
      todo: `${askNewCode} One code is for one phone only.`,
    },
    enrol_code_expired: { says: "This code has expired.", todo: askNewCode },
    enrol_throttled: {
      says: "Too many wrong tries.",
      todo: "Wait a few minutes, then try again with the right code.",
    },
    app_too_old: {
      says: "This app is too old for the server.",
      todo: "Update the app. What you saved will not be lost.",
    },
    refused: { says: "The server refused what this app sent.", todo: tellCoordinator },
  },
  problem: {
    enrol_code_unknown: { says: "The server does not know this code.", todo: askNewCode },
    enrol_code_used: { says: "This code was used by another phone.", todo: askNewCode },
    enrol_code_expired: { says: "This code has expired.", todo: askNewCode },
    enrol_throttled: { says: "Too many wrong tries.", todo: "Wait a few minutes, then try again." },
    proof_invalid: { says: "This phone's proof was refused.", todo: tellCoordinator },
    token_unknown: { says: "The server does not know this phone any more.", todo: tellCoordinator },
    device_revoked: { says: "Your coordinator has revoked this phone.", todo: tellCoordinator },
    not_assigned: {
      says: "This polling station or contest is not assigned to this phone.",
      todo: "Tell your coordinator; your record is kept and may be let in later.",
    },
    window_closed: {
      says: "The time for sending is over.",
      todo: "Tell your coordinator; your record is kept and may be let in later.",
    },
    envelope_invalid: {
      says: `The server cannot read the record. ${appFault}`,
      todo: tellCoordinator,
    },
    signature_invalid: { says: "This phone's signature does not fit.", todo: tellCoordinator },
    payload_invalid: {
      says: "The server does not know this form's content.",
      todo: tellCoordinator,
    },
    photo_not_announced: {
      says: `The server does not know this photo yet. ${appFault}`,
      todo: tellCoordinator,
    },
    offset_mismatch: { says: "The photo was cut off on its way.", todo: tryLater },
    hash_mismatch: { says: "The photo changed on its way.", todo: tryLater },
    device_unknown: {
      says: "The server does not know the phone that signed this.",
      todo: "Ask your coordinator for a new enrolment code; everything stays on this phone.",
    },
    bundle_invalid: {
      says: "The server cannot read this .saksi file.",
      todo: "Ask for the file once more.",
    },
    not_a_photo: { says: "The server does not take this file for a photo.", todo: tellCoordinator },
    too_large: { says: "The record is too large for the server.", todo: tellCoordinator },
    rate_limited: { says: "Too much was sent at once.", todo: tryLater },
    precondition_required: { says: appFault, todo: tellCoordinator },
    precondition_failed: { says: "It has changed at the server meanwhile.", todo: tryLater },
    request_invalid: {
      says: `The server does not know the request. ${appFault}`,
      todo: tellCoordinator,
    },
    not_signed_in: { says: "The server asks for a sign-in.", todo: tellCoordinator },
    credentials_invalid: { says: "Name or password was refused.", todo: tellCoordinator },
    not_allowed: { says: "This phone may not send that.", todo: tellCoordinator },
    cross_origin: {
      says: "The server refused where the request came from.",
      todo: tellCoordinator,
    },
    not_found: { says: "The server did not find what was asked for.", todo: tellCoordinator },
    method_not_allowed: { says: appFault, todo: tellCoordinator },
    unsupported_media_type: { says: appFault, todo: tellCoordinator },
    request_timeout: { says: "It took too long to arrive.", todo: tryLater },
    overloaded: { says: "The server is busy.", todo: tryLater },
    storage_full: { says: "The server cannot store anything right now.", todo: tryLater },
    internal: { says: "The server has a fault.", todo: tryLater },
  },
  photo: {
    empty: { says: "The photo's file is empty.", todo: chooseOther },
    not_an_image: { says: "This file is not a photo.", todo: "Choose a JPEG or PNG photo." },
    heic: {
      says: "HEIC photos cannot be read yet.",
      todo: "Choose JPEG (“most compatible”) in the camera's settings, then retake.",
    },
    unsupported_format: {
      says: "This kind of picture cannot be read.",
      todo: "Choose a JPEG or PNG photo.",
    },
    truncated: { says: "The photo's file is cut off.", todo: chooseOther },
    broken: { says: "The photo's file is damaged.", todo: chooseOther },
    too_large: {
      says: "The photo's file is too large (over 16 MB).",
      todo: "Choose a smaller photo size in the camera's settings, then retake.",
    },
    too_many_pixels: {
      says: "The photo has too many pixels.",
      todo: "Choose a photo size of 12 MP in the camera's settings, then retake.",
    },
    too_much_memory: { says: "This photo is too heavy to open.", todo: chooseOther },
    bomb: { says: "This file is not as it should be and was not opened.", todo: chooseOther },
    encode: { says: "This photo could not be processed.", todo: chooseOther },
    too_many: {
      says: "This form has too many photos already.",
      todo: "Delete photos that are not needed, then try again.",
    },
    file_gone: {
      says: "This photo's file is no longer on the phone.",
      todo: "Retake it, then save as a correction.",
    },
  },
  database: {
    from_the_future: {
      says: "The data on this phone were made by a newer version of the app.",
      todo: "Update the app, then open it again.",
    },
    not_a_database: {
      says: "The app's data file cannot be read.",
      todo: "Do not remove the app. Call your coordinator; the file may still be saved.",
    },
    damaged: {
      says: "The app's data file is damaged.",
      todo: "Do not remove the app. Call your coordinator; the file may still be saved.",
    },
    in_use: {
      says: "Saksi is already open in another window.",
      todo: "Close the other window, then open this app again.",
    },
  },
  failure: {
    disk_full: {
      says: "The phone's storage is full.",
      todo: "Delete other files (a video, say), then try again. Do not remove this app.",
    },
    read_only: {
      says: "The app's data cannot be written.",
      todo: "Restart the phone. If it stays so, call your coordinator.",
    },
    nothing_to_save: {
      says: "There is nothing to save yet.",
      todo: "Fill in a figure or take a photo first.",
    },
    not_found: {
      says: "That is not on this phone.",
      todo: "Go back to your polling station, then open it again.",
    },
    internal: {
      says: "The app had a fault. Nothing was lost.",
      todo: "Try again. If it stays so, close the app and open it again.",
    },
  },
  inbox: {
    verified: "Your form was verified",
    returned: "A form was returned",
    conflict: "Another witness recorded something else",
    original_wanted: "The counting room asks for an original photo; it is sent by itself",
    message: "Message from the coordinator",
    pack_changed: "Polling station data were updated",
    revoked: "This phone was revoked",
  },
};
