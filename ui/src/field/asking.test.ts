import { expect, test } from "vitest";
import { Asking } from "./asking";

/** A device that answers when it is told to, with what it knew when it was asked. */
function slow() {
  const waiting: (() => void)[] = [];
  const device = { knows: 0 };
  const ask = () => {
    const known = device.knows;
    return new Promise<number>((resolve) => waiting.push(() => resolve(known)));
  };
  return { device, ask, waiting };
}

test("a change while an answer is awaited is asked for after it, once", async () => {
  const { device, ask, waiting } = slow();
  const shown: number[] = [];
  const asking = new Asking(async () => void shown.push(await ask()));
  const all = [asking.now()];
  device.knows = 1;
  all.push(asking.now(), asking.now());
  expect(waiting).toHaveLength(1);
  waiting.shift()?.();
  await expect.poll(() => waiting.length).toBe(1);
  waiting.shift()?.();
  await Promise.all(all);
  expect(shown).toEqual([0, 1]);
});

test("a change that comes with the answer itself is not lost", async () => {
  let changes = 1;
  const shown: number[] = [];
  const asking: Asking = new Asking(async () => {
    shown.push(changes);
    await Promise.resolve();
  });
  const first = asking.now();
  // The very moment in which the last answer was taken, before anybody heard of it.
  await Promise.resolve();
  await Promise.resolve();
  changes = 2;
  await Promise.all([first, asking.now()]);
  expect(shown.at(-1)).toBe(2);
});
