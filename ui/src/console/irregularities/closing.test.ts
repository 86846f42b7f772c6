import { describe, expect, it } from "vitest";
import { localClock, momentOf } from "./closing";

describe("when polling stations close", () => {
  it("is kept as a moment and shown as the clock on the spot", () => {
    const moment = momentOf("2024-11-27", "13:00", "Asia/Makassar");
    expect(moment).toBe("2024-11-27T05:00:00.000Z");
    expect(localClock(moment, "Asia/Makassar")).toBe("13:00");
    expect(localClock(moment, "Asia/Jakarta")).toBe("12:00");
  });
});
