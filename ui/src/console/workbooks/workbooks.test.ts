import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { WorkbookReport } from "@generated/WorkbookReport";
import { CallFailure } from "../api/http";
import { words } from "../sentences/index.svelte";
import { exportPath, fetchFile, nameIn, reportIn } from "./calls";
import Report from "./Report.svelte";

words.language = "id";
const report: WorkbookReport = {
  taken: 12,
  skipped: 3,
  refused: 1,
  problems: [{ sheet: "gub", cell: "F12", heading: "1. Paslon", value: "12.0", fault: "decimal" }],
  more_problems: 4,
};

afterEach(() => vi.unstubAllGlobals());

describe("a workbook that was brought", () => {
  it("is told of by rows, and by cells that are wrong", async () => {
    const onmark = vi.fn();
    render(Report, { report, isBusy: false, onmark });
    for (const text of ["12", "3", "1", "F12", "12.0"]) expect(screen.getByText(text)).toBeTruthy();
    expect(screen.getByText(/titik atau koma/)).toBeTruthy();
    expect(screen.getByText(/dan 4 lagi/)).toBeTruthy();
    await fireEvent.click(screen.getByRole("button"));
    expect(onmark).toHaveBeenCalledOnce();
  });

  it("without anything wrong says so and offers nothing to mark", () => {
    const good = { ...report, refused: 0, problems: [], more_problems: 0 };
    render(Report, { report: good, isBusy: false, onmark: vi.fn() });
    expect(screen.getByText("Tidak ada yang salah.")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("has a report, or a failure with its code", () => {
    expect(reportIn(200, JSON.stringify(report))).toEqual(report);
    const code = (status: number, text: string) => {
      try {
        reportIn(status, text);
      } catch (cause) {
        return cause instanceof CallFailure ? cause.code : null;
      }
      return null;
    };
    expect(code(422, '{"code":"payload_invalid"}')).toBe("payload_invalid");
    expect(code(502, "<html>")).toBe("unreadable");
    expect(code(200, "{}")).toBe("unreadable");
  });
});

describe("a file that is fetched", () => {
  it("has the endpoint's name, and says how much of it is here", async () => {
    const body = "a,b\n1,2\n";
    const headers = {
      "content-length": String(body.length),
      "content-type": "text/csv",
      "content-disposition": 'attachment; filename="saksi-gub.csv"',
    };
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { headers })));
    const onpart = vi.fn();
    const made = await fetchFile(exportPath("gub", "tps", "csv", "64"), onpart);
    expect(made.name).toBe("saksi-gub.csv");
    expect(made.blob.size).toBe(body.length);
    expect(onpart).toHaveBeenLastCalledWith(body.length, body.length);
    expect(nameIn(null)).toBe("saksi");
  });

  it("that breaks off is none", async () => {
    const headers = { "content-length": "100" };
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("abc", { headers })));
    await expect(fetchFile("/v1/export", vi.fn())).rejects.toThrow("unreachable");
  });
});
