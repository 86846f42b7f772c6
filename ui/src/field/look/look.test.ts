import type { BubbleQuestion } from "@generated/BubbleQuestion";
import type { DraftChange } from "@generated/DraftChange";
import type { DraftView } from "@generated/DraftView";
import type { PageFinding } from "@generated/PageFinding";
import type { SheetPlace } from "@generated/SheetPlace";
import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { emptyDraft, formView, photo } from "../testing/forms";

const asked: string[] = [];
const changes: DraftChange[] = [];
/** What the device answers to every command. */
let answer: DraftView = emptyDraft();

vi.mock("@shared/backend", () => ({
  isPhone: true,
  asFailure: (thrown: unknown) => thrown,
  photoUrl: (id: number) => `photo:${id}`,
  onChanged: () => Promise.resolve(() => undefined),
  device: {
    changeDraft: (_slot: string, change: DraftChange) => {
      changes.push(change);
      return Promise.resolve(answer);
    },
    lookAtPhoto: (_slot: string, id: number) => {
      asked.push(`look at ${id}`);
      return Promise.resolve(answer);
    },
    setPhotoPage: (_slot: string, id: number, page: number) => {
      asked.push(`move ${id} to page ${page}`);
      return Promise.resolve(answer);
    },
  },
}));

const { Form } = await import("../form/form.svelte");
const { Intake } = await import("../photos/intake.svelte");
const { words } = await import("../strings");
const { saidOf } = await import("./advice");
const { look } = await import(".");
const { default: PhotoAdvice } = await import("./PhotoAdvice.svelte");
const { default: PhotoCard } = await import("../photos/PhotoCard.svelte");
const { default: PhotoViewer } = await import("../photos/PhotoViewer.svelte");
const { default: VotesBlock } = await import("../form/VotesBlock.svelte");

const question: BubbleQuestion = {
  field: "votes.2",
  keyed: "078",
  read: "073",
  photo: 1,
  place: { left: 300, top: 400, width: 200, height: 300 },
  code: "bubbles:votes.2",
  settled: "078, 073",
};

/** A form with this draft. */
function formWith(draft: Partial<DraftView>) {
  return new Form({ ...formView(), draft: { ...emptyDraft(), ...draft } });
}

/** The votes of a form, drawn. */
function drawVotes(form: InstanceType<typeof Form>) {
  const votes = form.pages.flatMap((page) => page.blocks).find(({ kind }) => kind === "votes");
  if (votes?.kind !== "votes") throw new Error("the form has votes");
  render(VotesBlock, { form, votes, found: new Map() });
}

/** What is said about a photo at page 2, drawn. */
function drawAdvice(form: InstanceType<typeof Form>) {
  const [first] = form.draft.photos;
  if (!first) throw new Error("the form has a photo");
  const target = { key: "form-2", kind: "form", page: 2, replaces: first.id } as const;
  const intake = new Intake(form);
  render(PhotoAdvice, { props: { form, intake, photo: first, title: "Halaman 2", target } });
}

beforeEach(() => {
  asked.length = 0;
  changes.length = 0;
  answer = emptyDraft();
});
afterEach(() => (words.language = "id"));

describe("bubbles that say something else", () => {
  it("ask beneath the figure, with that part of the photo", async () => {
    drawVotes(formWith({ photos: [photo(1, 2)], bubble_questions: [question] }));
    const says = "Pada foto, bulatan menunjukkan 073, Anda mengisi 078. Lihat lagi?";
    expect(await screen.findByText(says)).toBeTruthy();
    const crop = screen.getByAltText<HTMLImageElement>(look.t.cropAlt);
    expect(crop.getAttribute("src")).toBe("photo:1");
    // The picture is so much wider than the part that is seen of it.
    expect(parseFloat(crop.style.width)).toBeCloseTo((100 * 1500) / (200 * 1.24), 3);
  });

  it("are silent while that figure is being keyed", async () => {
    const form = formWith({ photos: [photo(1, 2)] });
    form.focus("votes.2");
    form.draft.bubble_questions = [question];
    expect(form.openBubbles).toEqual([]);
    form.blur("votes.2");
    expect(form.openBubbles).toEqual([question]);
    form.focus("votes.2");
    expect(form.openBubbles, "it stood there before").toEqual([question]);
    await form.flush();
  });

  it("take it from the witness that the figure is right, and change nothing", async () => {
    const form = formWith({ photos: [photo(1, 2)], bubble_questions: [question] });
    drawVotes(form);
    await fireEvent.click(await screen.findByText("Sudah benar"));
    await form.flush();
    expect(changes).toEqual([{ kind: "answer", code: "bubbles:votes.2", text: "078, 073" }]);
    expect(form.openBubbles).toEqual([]);
  });

  it("lead back to the box when the witness wants to change it", async () => {
    drawVotes(formWith({ photos: [photo(1, 2)], bubble_questions: [question] }));
    await fireEvent.click(await screen.findByText("Ubah angka"));
    expect(document.activeElement?.getAttribute("data-box")).toBe("votes.2");
  });
});

describe("what is doubtful about a photo", () => {
  const glare = {
    ...photo(1, 2),
    look: {
      troubles: [
        { problem: "glare" as const, places: [{ left: 150, top: 200, width: 300, height: 400 }] },
      ],
      sheet: null,
    },
  };

  it("is said in one sentence, marked on the picture, and may be let pass", async () => {
    const form = formWith({ photos: [glare] });
    drawAdvice(form);
    expect(screen.getByText("Ada pantulan cahaya di atas angka.")).toBeTruthy();
    const mark = document.querySelector<HTMLElement>("[data-mark]");
    expect([mark?.style.left, mark?.style.top, mark?.style.width]).toEqual(["10%", "10%", "20%"]);
    await fireEvent.click(screen.getByText("Pakai saja"));
    expect(screen.getByText("Dipakai apa adanya.")).toBeTruthy();
    expect(form.accepted).toEqual([1]);
  });

  it("is said in English too", () => {
    words.language = "en";
    drawAdvice(formWith({ photos: [glare] }));
    expect(screen.getByText("Light is mirrored on the figures.")).toBeTruthy();
  });

  it("offers to move a page to its own place, when that is free", async () => {
    const page_findings: PageFinding[] = [
      { kind: "wrong_page", photo: 1, meant: 2, seen: 1, is_free: true },
    ];
    const form = formWith({ photos: [photo(1, 2)], page_findings });
    drawAdvice(form);
    expect(screen.getByText("Foto ini menunjukkan halaman 1, bukan halaman 2.")).toBeTruthy();
    await fireEvent.click(screen.getByText("Pindahkan ke halaman 1"));
    expect(asked).toEqual(["move 1 to page 1"]);
  });

  it("names another contest's form, a page that is taken, and one that is there twice", () => {
    const says = (finding: PageFinding) =>
      saidOf(photo(1, 2), [finding], look.t).map(({ says, todo }) => `${says} ${todo}`);
    expect(says({ kind: "wrong_form", photo: 1, form: "c-hasil-dpr-2024" })[0]).toContain(
      "formulir DPR",
    );
    expect(says({ kind: "wrong_form", photo: 1, form: "c-baru-2029" })[0]).toContain(
      "pemilihan lain",
    );
    const taken = { kind: "wrong_page", photo: 1, meant: 2, seen: 3, is_free: false } as const;
    expect(says(taken)[0]).toContain("Halaman 3 sudah punya foto.");
    expect(says({ kind: "page_twice", page: 2, photos: [9, 1] })[0]).toContain("dua kali");
    expect(says({ kind: "page_twice", page: 2, photos: [1, 9] }), "told at the later one").toEqual(
      [],
    );
    expect(says({ kind: "page_missing", page: 3 })).toEqual([]);
  });
});

describe("a photo that was not looked at yet", () => {
  const unlooked = { ...photo(7, 2), look: undefined };

  it("is shown at once, says that it is being looked at, and asks nothing", () => {
    const form = formWith({ photos: [unlooked] });
    const nothing = () => undefined;
    render(PhotoCard, {
      form,
      intake: new Intake(form),
      photo: unlooked,
      title: "Halaman 2",
      groupKey: "form-2",
      canGoUp: false,
      canGoDown: false,
      view: nothing,
      remove: nothing,
      move: nothing,
    });
    expect(screen.getByAltText("Foto: Halaman 2").getAttribute("src")).toBe("photo:7");
    expect(screen.getByText("Memeriksa foto…")).toBeTruthy();
  });

  it("is looked at once, and what comes of it keeps what was keyed meanwhile", async () => {
    const form = formWith({ photos: [unlooked] });
    answer = { ...emptyDraft(), photos: [photo(7, 2)], bubble_questions: [question] };
    form.draft.figures["votes.1"] = "24";
    await Promise.all([form.look(), form.look()]);
    expect(asked).toEqual(["look at 7"]);
    expect(form.draft.photos[0]?.look?.troubles).toEqual([]);
    expect(form.openBubbles).toEqual([question]);
    expect(form.draft.figures["votes.1"]).toBe("24");
  });

  it("that cannot be looked at is not asked for again and again", async () => {
    const form = formWith({ photos: [unlooked] });
    await form.look();
    await form.look();
    expect(asked).toEqual(["look at 7"]);
  });
});

describe("a page seen from straight in front", () => {
  it("is another view, beside the photo that stays the evidence", async () => {
    // jsdom lays nothing out, so there is nothing to observe.
    vi.stubGlobal(
      "ResizeObserver",
      class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    );
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
    const look = {
      troubles: [],
      sheet: {
        sheet_mm: [600, 900],
        picture_px: [800, 1200],
        corners_px: [
          [80, 60],
          [720, 90],
          [740, 1150],
          [60, 1130],
        ],
      } satisfies SheetPlace,
    };
    const straightenable = { ...photo(1, 2), look };
    const form = formWith({ photos: [straightenable] });
    render(PhotoViewer, { form, photo: straightenable, close: () => undefined });
    await fireEvent.click(screen.getByText("Luruskan"));
    const picture = document.querySelector<HTMLImageElement>("[data-straight] img");
    expect(picture?.getAttribute("src")).toBe("photo:1");
    expect(picture?.style.transform).toMatch(/^matrix3d/);
    expect(screen.getByText("Tampilan bantu. Foto aslinya tetap menjadi bukti.")).toBeTruthy();
    await fireEvent.click(screen.getByText("Luruskan"));
    expect(document.querySelector("[data-straight]")).toBeNull();
  });
});
