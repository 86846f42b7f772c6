import { beforeEach, describe, expect, it, vi } from "vitest";
import { emptyDraft, formView } from "../testing/forms";

/** What the device was asked, in order. */
const asked: string[] = [];
let nextPending = 1;

vi.mock("@shared/backend", () => ({
  asFailure: (thrown: unknown) => thrown,
  device: {
    expectPhoto: ({ page, replaces }: { page: number; replaces: number | null }) => {
      asked.push(`expect page ${page}${replaces === null ? "" : ` for ${replaces}`}`);
      return Promise.resolve(nextPending++);
    },
    cancelPhoto: (pending: number) => {
      asked.push(`cancel ${pending}`);
      return Promise.resolve(null);
    },
    addPhotoPiece: ({ pending, base64 }: { pending: number; base64: string }) => {
      asked.push(`piece of ${pending}`);
      if (base64 === "") return Promise.reject({ kind: "photo", code: "empty" });
      return Promise.resolve(emptyDraft());
    },
  },
}));

const { Form } = await import("../form/form.svelte");
const { Intake } = await import("./intake.svelte");

const page1 = { key: "form-1", kind: "form", page: 1, replaces: null } as const;
const photo = new File(["a photo"], "a.jpg");
const empty = new File([], "empty.jpg");

beforeEach(() => {
  asked.length = 0;
  nextPending = 1;
  URL.createObjectURL = () => "blob:photo";
  URL.revokeObjectURL = () => undefined;
});

describe("taking a photo in", () => {
  it("is announced before the camera opens, and handed over when it closes", async () => {
    const intake = new Intake(new Form(formView()));
    await intake.expect(page1);
    expect(asked).toEqual(["expect page 1"]);
    await intake.take(page1, photo, "camera");
    expect(asked).toEqual(["expect page 1", "piece of 1"]);
  });

  it("is called off when the camera closes without one", async () => {
    const intake = new Intake(new Form(formView()));
    await intake.expect(page1);
    await intake.cancel(page1);
    expect(asked).toEqual(["expect page 1", "cancel 1"]);
  });

  it("calls off the earlier announcement when the camera is opened again", async () => {
    const intake = new Intake(new Form(formView()));
    await intake.expect(page1);
    await intake.expect({ ...page1, replaces: 9 });
    expect(asked).toEqual(["expect page 1", "cancel 1", "expect page 1 for 9"]);
  });

  it("says why a file is of no use, and lets it go once another is chosen", async () => {
    const intake = new Intake(new Form(formView()));
    await intake.take(page1, empty, "gallery");
    expect(intake.failures.get("form-1")).toEqual({ kind: "photo", code: "empty" });
    expect(intake.incoming.size).toBe(0);
    await intake.take(page1, photo, "gallery");
    expect(intake.failures.size).toBe(0);
    expect(asked).toEqual([
      "expect page 1",
      "piece of 1",
      "cancel 1",
      "expect page 1",
      "piece of 2",
    ]);
  });
});
