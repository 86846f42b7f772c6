// What the log's entries say, in English.
import type { EventSentences } from "./events";
import { brief, deviceName, slotName, slotNames, stationName } from "./names";

const others = (n: number) => `and ${n} more`;
const RULINGS = {
  verify: "verified",
  return: "returned",
  quarantine: "set a device aside in",
  reopen: "reopened",
} as const;
const STATES = {
  empty: "nothing yet",
  single: "one witness",
  agreed: "agreed",
  conflict: "in conflict",
  verified: "verified",
  stale: "look again",
} as const;
const IRREGULAR = {
  explained: "explained",
  follow_up: "to be followed up",
  settled: "settled",
} as const;
const OUTCOMES = {
  verified: "agreed, verified",
  agrees: "agrees with the ruling",
  differs: "differs",
} as const;
const TABLES = {
  figures: "All figures",
  irregularities: "Irregularities",
  workbook: "Workbook",
} as const;

export const eventsEn: EventSentences = {
  revision: {
    name: "Revision taken in",
    say: ({ slot, device, state }, names) =>
      `${deviceName(device, names)}'s revision of ${slotName(slot, names)} was taken in: ${STATES[state]}`,
  },
  photo: {
    name: "Photo arrived",
    say: ({ device, slots, sha256 }, names) =>
      `Photo ${brief(sha256)} of ${deviceName(device, names)} is complete: ${slotNames(slots, names, others)}`,
  },
  photo_known: {
    name: "Photo known",
    say: ({ device, sha256 }, names) =>
      `${deviceName(device, names)} was given a receipt for photo ${brief(sha256)}, which was here`,
  },
  same_photo: {
    name: "Same photo",
    say: ({ slots }, names) => `Shared photos were looked at: ${slotNames(slots, names, others)}`,
  },
  original_asked: {
    name: "Original asked for",
    say: ({ slot, sha256 }, names) =>
      `Asked for the original of photo ${brief(sha256)} of ${slotName(slot, names)}`,
  },
  decision: {
    name: "Ruling",
    say: ({ slot, ruling, number, state }, names) =>
      `Ruling ${number}: ${RULINGS[ruling]} ${slotName(slot, names)}; now ${STATES[state]}`,
  },
  admitted: {
    name: "Revision let in",
    say: ({ rev_id, reason }) => `Let the refused revision ${brief(rev_id)} in: “${reason}”`,
  },
  code_made: {
    name: "Code made",
    say: ({ witness, tps }, names) =>
      `An enrolment code was made for ${names[witness] ?? witness} at ${stationName(tps, names)}`,
  },
  enrolled: {
    name: "Device enrolled",
    say: ({ device, witness }, names) =>
      `Device ${device} was enrolled for ${names[witness] ?? witness}`,
  },
  posted: {
    name: "Witness posted",
    say: ({ witness, from, to }, names) =>
      `${names[witness] ?? witness} was posted from ${stationName(from, names)} to ${stationName(to, names)}`,
  },
  revoked: {
    name: "Device revoked",
    say: ({ device }, names) => `Device ${device} (${deviceName(device, names)}) was revoked`,
  },
  catalogue: {
    name: "Election's data",
    say: ({ election }) => `The data of ${election} was added to`,
  },
  user: {
    name: "User",
    say: ({ name, role }) => `User ${name} was added or changed: ${role}`,
  },
  user_disabled: {
    name: "User disabled",
    say: ({ name }) => `User ${name} may sign in no more`,
  },
  signed_in: { name: "Signed in", say: ({ name }) => `${name} signed in` },
  signed_out: { name: "Signed out", say: ({ name }) => `${name} signed out` },
  brought: {
    name: ".saksi file taken in",
    say: ({ revisions, photos }) =>
      `A .saksi file was taken in: ${revisions} revisions and ${photos} photos in it`,
  },
  backed_up: {
    name: "Backup made",
    say: ({ log_index }) => `A whole backup was made, up to entry ${log_index}`,
  },
  log_exported: {
    name: "Log exported",
    say: ({ log_index, entries }) =>
      `The log was exported up to entry ${log_index}, ${entries} of it with their content`,
  },
  table_exported: {
    name: "Table exported",
    say: ({ table, contest, region, rows, sha256 }, names) =>
      `${TABLES[table]}${contest === undefined ? "" : ` of ${contest}`} exported for ${region === undefined ? "all regions" : (names[region] ?? region)}: ${rows} rows, hash ${brief(sha256)}`,
  },
  dossier: {
    name: "Dossier made",
    say: ({ slots, machine }, names) =>
      `Dossier ${brief(machine)} was made: ${slotNames(slots, names, others)}`,
  },
  wall_link_made: {
    name: "Wall link made",
    say: ({ name, region }, names) =>
      `A link for the wall display “${name}” was made for ${names[region] ?? region}`,
  },
  wall_link_revoked: {
    name: "Wall link revoked",
    say: ({ id }) => `The link for wall display ${id} was revoked`,
  },
  reading: {
    name: "Reading",
    say: ({ slot, number, outcome }, names) =>
      `Reading ${number} from the photos of ${slotName(slot, names)}: ${OUTCOMES[outcome]}`,
  },
  queue_settings: {
    name: "Way of verifying",
    say: ({ mode, check_percent }) =>
      `It was set how forms are verified: ${mode === "blind" ? "blind second reading" : "by look"}, ${check_percent} % checked blind`,
  },
  desk_opened: {
    name: "Entry desk opened",
    say: ({ user, election }) => `${user}'s entry desk was opened for ${election}`,
  },
  workbook: {
    name: "Workbook brought",
    say: ({ sha256, taken, skipped, refused }) =>
      `Workbook ${brief(sha256)} was brought: ${taken} rows taken, ${skipped} unchanged, ${refused} refused`,
  },
  irregularities: {
    name: "Irregularities changed",
    say: ({ slots }, names) =>
      `What is irregular was worked out again: ${slotNames(slots, names, others)}`,
  },
  irregularity_ruling: {
    name: "Ruling on an irregularity",
    say: ({ slot, key, ruling }, names) =>
      `Irregularity ${key} of ${slotName(slot, names)} is ${IRREGULAR[ruling]}`,
  },
  irregularity_settings: {
    name: "Settings of the analysis",
    say: ({ election }) => `The settings of the analysis for ${election} were changed`,
  },
  official_import: {
    name: "Official figures imported",
    say: ({ contest, places, sha256 }) =>
      `Official figures of ${contest} were imported from file ${brief(sha256)}: ${places} places`,
  },
  paper: {
    name: "Step of a paper",
    say: ({ slot, number }, names) => `Paper of ${slotName(slot, names)}: step ${number} was noted`,
  },
  paper_list: {
    name: "Hand-over list",
    say: ({ code, papers }) => `Hand-over list ${code} was made: ${papers} papers`,
  },
  witness_added: {
    name: "Witness added",
    say: ({ witness, tps }, names) =>
      `Witness ${names[witness] ?? witness} was added at ${stationName(tps, names)}`,
  },
  phone_noted: {
    name: "Phone number",
    say: ({ witness }, names) =>
      `The phone number of ${names[witness] ?? witness} was set or taken out`,
  },
  called: {
    name: "Call",
    say: ({ number, tps }, names) => `Call ${number} about ${stationName(tps, names)} was noted`,
  },
  message: {
    name: "Message",
    say: ({ number, witnesses }) => `Message ${number} was sent to ${witnesses} witnesses`,
  },
  restored: {
    name: "Restored",
    say: ({ log_index }) => `The data came out of a backup up to entry ${log_index}`,
  },
};
