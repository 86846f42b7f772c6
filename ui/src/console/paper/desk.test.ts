import type { PaperAct } from "@generated/PaperAct";
import type { PaperLine } from "@generated/PaperLine";
import { describe, expect, it } from "vitest";
import { CallFailure } from "../api/http";
import { PaperDesk } from "./desk.svelte";

const TPS = "6472011001007";

function line(tps: string, contest: string, folder: string | null = null): PaperLine {
  return {
    slot: `kaltim-2024/${tps}/${contest}`,
    place: ["Kecamatan", "Desa", tps.slice(10)],
    state: "single",
    witnesses: ["Siti"],
    custody: {
      place: folder === null ? "witness" : "here",
      holder: null,
      folder,
      compared: null,
      changed_at: null,
    },
  };
}

/** An endpoint with two contests at every polling station. */
function desk() {
  const noted: { slots: string[]; act: PaperAct }[] = [];
  const made = new PaperDesk({
    station: (tps) => {
      if (tps.endsWith("999")) return Promise.reject(new CallFailure("not_found", 404));
      return Promise.resolve({ papers: [line(tps, "gub"), line(tps, "wako")], unchanged: [] });
    },
    note: (slots, act) => {
      const again = noted.some((one) => JSON.stringify(one) === JSON.stringify({ slots, act }));
      noted.push({ slots, act });
      const folder = act.act === "arrived" ? act.folder : "Map 1";
      const papers = slots.map((slot) => {
        const [, tps = "", contest = ""] = slot.split("/");
        return line(tps, contest, folder);
      });
      return Promise.resolve({ papers, unchanged: again ? slots : [] });
    },
  });
  made.folder = "Map 1";
  return { made, noted };
}

describe("the desk where papers arrive", () => {
  it("notes all papers of a polling station, and the next one by its number alone", async () => {
    const { made, noted } = desk();
    expect(await made.take(TPS)).toEqual({ kind: "noted", tps: TPS, isNew: true });
    expect(await made.take("8")).toEqual({ kind: "noted", tps: "6472011001008", isNew: true });
    expect(noted.map(({ slots }) => slots.length)).toEqual([2, 2]);
    expect(made.rows.map(({ place }) => place[2])).toEqual(["008", "008", "007", "007"]);
  });

  it("notes only the contest that was chosen, and says what was noted before", async () => {
    const { made, noted } = desk();
    made.contest = "wako";
    await made.take(TPS);
    expect(noted[0]?.slots).toEqual([`kaltim-2024/${TPS}/wako`]);
    expect(await made.take(TPS)).toEqual({ kind: "noted", tps: TPS, isNew: false });
    expect(made.rows).toHaveLength(1);
  });

  it("wants a folder, a village, and a polling station that there is", async () => {
    const { made, noted } = desk();
    expect((await made.take("7")).kind).toBe("villageless");
    expect((await made.take("6472011001")).kind).toBe("village");
    expect((await made.take("999")).kind).toBe("not_here");
    made.folder = " ";
    expect((await made.take("7")).kind).toBe("folderless");
    expect(noted).toEqual([]);
  });

  it("marks the active row alone", async () => {
    const { made, noted } = desk();
    await made.take(TPS);
    made.step(1);
    await made.mark({ act: "compared", outcome: "matches", figures: {} });
    expect(noted[1]?.slots).toEqual([`kaltim-2024/${TPS}/wako`]);
  });
});
