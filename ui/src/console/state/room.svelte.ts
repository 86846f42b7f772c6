// What all screens share while somebody is signed in: the line to the
// endpoint's events, and the one list of slots that one walks through.
import { readSession, readSlots, readSummary } from "../api/calls";
import { Live, type Source } from "../api/live.svelte";
import { SlotList } from "../slots/list.svelte";

const events = (after: string | null): Source =>
  new EventSource(after === null ? "/v1/events" : `/v1/events?after=${after}`);

export const live = new Live(events, readSession);

export const list = new SlotList({ page: readSlots, one: readSummary });
