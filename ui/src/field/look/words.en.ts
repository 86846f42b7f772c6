// What the app makes out on a photo, and asks about it, in English.
import type { lookId } from "./words.id";

export const lookEn: typeof lookId = {
  problems: {
    too_dark: {
      says: "This photo is dark.",
      todo: "Turn on a lamp or the flash, then retake.",
    },
    too_bright: {
      says: "This photo is too bright; the ink has vanished.",
      todo: "Turn the flash off or move away from the lamp, then retake.",
    },
    glare: {
      says: "Light is mirrored on the figures.",
      todo: "Step a little aside or turn the flash off, then retake.",
    },
    blurred: {
      says: "This photo is blurred.",
      todo: "Hold the phone with both hands, tap the screen to focus, then retake.",
    },
    too_small: {
      says: "This photo is small; its figures may not be legible.",
      todo: "Come closer until the page fills the screen.",
    },
    cut_off: {
      says: "Part of the page is outside the photo.",
      todo: "Step back until all four corners of the page can be seen, then retake.",
    },
    turned: {
      says: "The page lies upside down or on its side.",
      todo: "Turn the phone until the writing is upright, then retake.",
    },
    partial: {
      says: "The photo's file is cut off; its lower part is missing.",
      todo: "Retake it while the form is still before you.",
    },
  },
  forms: {
    "c-hasil-ppwp-2024": "president",
    "c-hasil-dpr-2024": "DPR",
    "c-hasil-dpd-2024": "DPD",
    "c-hasil-dprd-prov-2024": "provincial DPRD",
    "c-hasil-dprd-kab-2024": "regency or city DPRD",
  },
  otherForm: "another contest",

  markedAlt: (title) => `The photo with the trouble marked: ${title}`,
  useAsIs: "Use it",
  used: "Used as it is.",

  wrongForm: (form) => `This photo shows the form for ${form}, not this form.`,
  wrongFormTodo: "Photograph the right form; this one may be deleted.",
  wrongPage: (seen, meant) => `This photo shows page ${seen}, not page ${meant}.`,
  wrongPageFree: "Move it to its place, then photograph the right page.",
  wrongPageTaken: (seen) => `Page ${seen} has a photo already. Photograph the right page.`,
  moveTo: (page) => `Move to page ${page}`,
  twice: (page) => `Page ${page} was photographed twice.`,
  twiceTodo: "Delete the less legible one, or leave both if each holds a part.",

  bubbles: (read, keyed) => `On the photo the bubbles say ${read}, you keyed ${keyed}. Look again?`,
  cropAlt: "The part of the photo with the figure and its bubbles",
  change: "Change it",
  isRight: "It is right",

  straighten: "Straighten",
  straightNote: "A helping view. The photo itself stays the evidence.",
};
