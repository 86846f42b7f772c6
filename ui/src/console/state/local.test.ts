import { describe, expect, it } from "vitest";
import { fromLocal, localClock, toLocal } from "./local";

describe("moments in boxes", () => {
  it("are the election's own time, whatever the computer's is", () => {
    expect(toLocal("2024-11-27T07:31:04.120Z", "Asia/Makassar")).toBe("2024-11-27T15:31");
    expect(fromLocal("2024-11-27T15:31", "Asia/Makassar")).toBe("2024-11-27T07:31:00.000Z");
    expect([fromLocal("", "Asia/Makassar"), toLocal(undefined, "Asia/Makassar")]).toEqual([
      null,
      "",
    ]);
  });

  it("are the clock on the spot, where the day is known", () => {
    const closing = fromLocal("2024-11-27T13:00", "Asia/Makassar") ?? "";
    expect(closing).toBe("2024-11-27T05:00:00.000Z");
    expect(localClock(closing, "Asia/Makassar")).toBe("13:00");
    expect(localClock(closing, "Asia/Jakarta")).toBe("12:00");
    expect(localClock(undefined, "Asia/Jakarta")).toBe("");
  });
});
