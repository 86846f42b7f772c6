// The same sentences in English; the table's type asks for every one of them.
import type { waysId } from "./words.id";

type Words = {
  [K in keyof typeof waysId]: (typeof waysId)[K] extends string ? string : (typeof waysId)[K];
};

const some = (number: string, one: string) => `${number} ${one}${number === "1" ? "" : "s"}`;

export const waysEn: Words = {
  aroundTitle: "Other ways to send",
  aroundLead:
    "The figures stay on this phone until the server gives a receipt. You may use several ways at once: the server counts it only once.",
  aroundReceived: "The server has the figures of this form.",
  aroundReceivedMore: "The ways below are needed only if your coordinator asks for them.",
  whichRevision: (seq) => `Record ${seq}`,

  qrTitle: "QR code",
  qrLead:
    "A friend who uses Saksi photographs this code; his or her phone then carries your figures to the server. Photos of the form do not go along.",
  qrAlt: "QR code that holds the figures of this form",
  qrTooLong: "This form is too long for one QR code. Use a .saksi file.",
  qrLarger: "Fill the screen",

  fileTitle: ".saksi file",
  fileLead:
    "Figures and photos of this form in one file. Send it to a friend or your coordinator by WhatsApp, Bluetooth or memory card.",
  fileOriginals: "Include original photos (a much larger file)",
  fileShare: "Share the file",
  fileSave: "Save the file",
  fileWorking: "Preparing the file…",
  fileSaved: (path) => `Saved: ${path}`,
  fileShared: "Choose an app to send the file with.",
  fileHolds: (forms, photos, size) =>
    `It holds ${some(forms, "record")} and ${some(photos, "photo")} (${size}).`,

  smsTitle: "Text message",
  smsLead:
    "The main figures go as a plain SMS, and the server answers it. Photos follow when there is a connection.",
  smsParts: (parts) => `Counts as ${parts} SMS.`,
  smsNone: "This election takes no SMS.",
  smsWrite: (number) => `Write an SMS to ${number}`,
  smsNumber: "Number",
  smsBody: "Text",

  carriedTitle: "Carry for a friend",
  carriedLead:
    "This phone can carry other witnesses' records to the server. They are kept apart from your own and sent by themselves once there is a connection.",
  pickFile: "Choose a .saksi file",
  takeQr: "Photograph a QR code",
  pickQr: "Choose a picture of a QR code",
  pasteTitle: "Have the text of a QR code?",
  pasteLabel: "Paste the text here",
  pasteSubmit: "Carry",
  reading: (percent) => `Reading… ${percent}`,
  checking: "Checking what is in it…",
  importedTitle: "What was found",
  importedNew: (forms, photos) =>
    `New on this phone: ${some(forms, "record")}, ${some(photos, "photo")}.`,
  importedKnown: (forms, photos) =>
    `Already here: ${some(forms, "record")}, ${some(photos, "photo")}.`,
  importedOwn: (forms) => `This phone's own: ${some(forms, "record")}.`,
  leftOut: (items) =>
    `No room in this file for ${some(items, "item")}. Save again once some of it was sent.`,
  importedProblems: "Problems",
  importedNothing: "There are no records in it.",
  problems: {
    not_ours: {
      says: "This is no file or code of Saksi's.",
      todo: "Ask your friend to share it again from Saksi.",
    },
    no_code: {
      says: "No QR code of Saksi's can be read in this picture.",
      todo: "Come closer until the code fills the picture, avoid reflections, and retake it.",
    },
    damaged: { says: "The file or code is damaged or cut off.", todo: "Ask for it once more." },
    too_large: {
      says: "The file is too large (over 64 MB).",
      todo: "Ask your friend to save it again without original photos.",
    },
    form_invalid: {
      says: "A form in it has no valid signature.",
      todo: "The rest is carried. Tell your friend.",
    },
    photo_invalid: { says: "A photo in it is damaged.", todo: "The rest is carried." },
    photo_unnamed: {
      says: "A photo in it belongs to no form that is here.",
      todo: "Take in the form first, then try again.",
    },
    no_room: {
      says: "This phone carries as much as it can.",
      todo: "Find signal so that it is sent, then try again.",
    },
    not_enrolled: {
      says: "This phone is not enrolled yet.",
      todo: "Enrol it first, then try again.",
    },
  },
  carriedEmpty: "This phone does not carry anybody's records yet.",
  carriedList: "What this phone carries",
  carriedCount: (forms, photos) =>
    `Received by the server: ${some(forms, "record")}, ${some(photos, "photo")}.`,
  carriedAt: (number, contest) => `Polling station ${number} · ${contest}`,
  carriedFrom: (tps, seq) => `Station code ${tps}, record ${seq}.`,
  carriedTaken: (at) => `Left here ${at}.`,
  carriedWaits: "Not received by the server yet",
  carriedReceived: "The server has the figures",
  carriedRefused: "Refused by the server; still saved on this phone",
  carriedRefusedWhy: {
    device_unknown: "The server does not know the phone that made it.",
    device_revoked: "The coordinator has revoked the phone that made it.",
    not_assigned: "That polling station or contest is not assigned to the phone that made it.",
    window_closed: "The time for sending is over.",
  },
  carriedRefusedTodo: "Tell your friend to call the coordinator.",
  carriedPhotosRefused: (photos) => `Photos that the server refused: ${photos}`,
  passOn: "Pass everything on",
  passOnLead: "If you have no signal either: hand everything to somebody who has.",
};
