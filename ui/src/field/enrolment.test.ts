import { describe, expect, it } from "vitest";
import { readLink, shownCode } from "./enrolment";

describe("an enrolment code", () => {
  it("is shown in groups of five, five and one, however it was typed", () => {
    for (const raw of ["7KQ2M9XH4TC", "7kq2m-9xh4t-c", " 7kq2m 9xh4t c ", "7KQ2M-9XH4T-C-more"]) {
      expect(shownCode(raw), raw).toBe("7KQ2M-9XH4T-C");
    }
    expect(shownCode("7kq2m9")).toBe("7KQ2M-9");
  });

  it("reads letters that look like digits as the digits they stand for", () => {
    expect(shownCode("oOiIlL")).toBe("00111-1");
  });
});

describe("an enrolment link", () => {
  it("gives address and code, from the app's own scheme", () => {
    expect(
      readLink("saksi://enrol?server=https%3A%2F%2Fsaksi.contoh.id&code=7KQ2M-9XH4T-C"),
    ).toEqual({ address: "https://saksi.contoh.id", code: "7KQ2M-9XH4T-C" });
  });

  it("gives address and code, from a page's address", () => {
    expect(readLink(" https://saksi.contoh.id/enrol#code=7kq2m9xh4tc ")).toEqual({
      address: "https://saksi.contoh.id",
      code: "7KQ2M-9XH4T-C",
    });
  });

  it("is not an address alone, nor a code alone", () => {
    for (const text of ["https://saksi.contoh.id", "7KQ2M-9XH4T-C", "saksi.contoh.id", ""]) {
      expect(readLink(text), text).toBeNull();
    }
  });
});
