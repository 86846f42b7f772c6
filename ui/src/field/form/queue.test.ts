import { describe, expect, it } from "vitest";
import { ChangeQueue, type QueueState } from "./queue";

/** A device that answers when the test says so. */
function rig() {
  const sent: string[] = [];
  const answered: [string, boolean][] = [];
  const states: QueueState<string>[] = [];
  const open: { settle: (fault?: string) => void }[] = [];
  const queue = new ChangeQueue<string, string, string>({
    send: (change) => {
      sent.push(change);
      return new Promise((resolve, reject) => {
        open.push({ settle: (fault) => (fault ? reject(fault) : resolve(`kept ${change}`)) });
      });
    },
    answered: (answer, isLast) => answered.push([answer, isLast]),
    moved: (state) => states.push(state),
    failureOf: String,
    isFinal: (failure) => failure === "never",
  });
  const settle = async (fault?: string) => {
    open.shift()?.settle(fault);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { queue, sent, answered, states, settle };
}

describe("changes on their way to the database", () => {
  it("go one at a time in the order they were typed, none skipped", async () => {
    const { queue, sent, answered, settle } = rig();
    for (const text of ["1", "10", "105"]) queue.push(text);
    expect(sent).toEqual(["1"]);
    await settle();
    await settle();
    await settle();
    expect(sent).toEqual(["1", "10", "105"]);
    expect(answered).toEqual([
      ["kept 1", false],
      ["kept 10", false],
      ["kept 105", true],
    ]);
  });

  it("wait when the disk is full, and go on from the same one", async () => {
    const { queue, sent, states, settle } = rig();
    queue.push("1");
    queue.push("10");
    await settle("disk_full");
    expect(states[states.length - 1]).toEqual({ waiting: 2, failure: "disk_full" });
    const flushed = queue.flush();
    await settle();
    await settle();
    expect(await flushed).toBe(true);
    expect(sent).toEqual(["1", "1", "10"]);
    expect(states[states.length - 1]).toEqual({ waiting: 0, failure: null });
  });

  it("are tried again by the next keystroke", async () => {
    const { queue, sent, settle } = rig();
    queue.push("1");
    await settle("disk_full");
    queue.push("12");
    await settle();
    await settle();
    expect(sent).toEqual(["1", "1", "12"]);
  });

  it("do not hold up newer ones when the device will never take them", async () => {
    const { queue, sent, answered, settle } = rig();
    queue.push("x");
    queue.push("10");
    await settle("never");
    await settle();
    expect(sent).toEqual(["x", "10"]);
    expect(answered).toEqual([["kept 10", true]]);
  });

  it("say that not everything is kept, to whoever is about to seal", async () => {
    const { queue, settle } = rig();
    queue.push("1");
    const flushed = queue.flush();
    await settle("disk_full");
    expect(await flushed).toBe(false);
  });
});
