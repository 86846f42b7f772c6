// Taking a photo in. The device hears of it before the camera opens, for the
// app may be killed behind the camera; the picture is shown at once and stays
// in sight while it is saved and looked at.
import type { Failure } from "@generated/Failure";
import type { PhotoKind } from "@generated/PhotoKind";
import type { PhotoSource } from "@generated/PhotoSource";
import { SvelteMap } from "svelte/reactivity";
import { asFailure, device } from "@shared/backend";
import type { Form } from "../form/form.svelte";
import { upload } from "./upload";

/** Where a photo is to go. */
export interface Target {
  /** The group it appears in. */
  key: string;
  kind: PhotoKind;
  page: number | null;
  /** The photo it stands in for, when it is a retake. */
  replaces: number | null;
}

/** A photo on its way in. */
export interface Incoming {
  url: string;
  /** Part of it that the device has, 0 to 1. */
  share: number;
}

export class Intake {
  readonly #form: Form;
  /** Pending ids of photos whose camera or picker is open, by group. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- no screen reads it
  readonly #expected = new Map<string, Promise<number>>();

  /** Pending ids whose file was of no use, by group: given up once another one is chosen. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- no screen reads it
  readonly #failed = new Map<string, number>();

  /** By group. */
  readonly incoming = new SvelteMap<string, Incoming>();
  /** By group. */
  readonly failures = new SvelteMap<string, Failure>();

  constructor(form: Form) {
    this.#form = form;
  }

  /** Says that a photo is about to come; resolves once the device has it in writing. */
  async expect(target: Target): Promise<void> {
    this.failures.delete(target.key);
    await this.cancel(target);
    await this.#giveUpFailed(target.key);
    const { kind, page, replaces } = target;
    const pending = device.expectPhoto({ slot: this.#form.slot, kind, page, replaces });
    this.#expected.set(target.key, pending);
    try {
      await pending;
    } catch (thrown) {
      this.#expected.delete(target.key);
      this.failures.set(target.key, asFailure(thrown));
    }
  }

  /** The camera or picker was closed without a photo. */
  async cancel(target: Target): Promise<void> {
    const pending = this.#expected.get(target.key);
    if (!pending) return;
    this.#expected.delete(target.key);
    await this.#cancelPending(target.key, await pending);
  }

  /** The witness has read why a file was of no use. */
  async dismiss(key: string): Promise<void> {
    this.failures.delete(key);
    await this.#giveUpFailed(key);
  }

  async #giveUpFailed(key: string): Promise<void> {
    const pending = this.#failed.get(key);
    if (pending === undefined) return;
    this.#failed.delete(key);
    await this.#cancelPending(key, pending);
  }

  async #cancelPending(key: string, pending: number): Promise<void> {
    try {
      await device.cancelPhoto(pending);
    } catch (thrown) {
      this.failures.set(key, asFailure(thrown));
    }
  }

  /** Takes the picked file into the draft. */
  async take(target: Target, file: File, source: PhotoSource): Promise<void> {
    const { key } = target;
    if (!this.#expected.has(key)) await this.expect(target);
    const expected = this.#expected.get(key);
    if (!expected) return;
    this.#expected.delete(key);
    const pending = await expected;
    const url = URL.createObjectURL(file);
    this.incoming.set(key, { url, share: 0 });
    try {
      const draft = await upload(device, file, pending, source, (share) => {
        this.incoming.set(key, { url, share });
      });
      if (draft) this.#form.takePhotos(draft);
    } catch (thrown) {
      this.failures.set(key, asFailure(thrown));
      this.#failed.set(key, pending);
    } finally {
      this.incoming.delete(key);
      URL.revokeObjectURL(url);
    }
  }
}
