// The walk along the log's chain, stretch by stretch; what was walked stays
// walked while new entries come.
import type { AuditChain } from "@generated/AuditChain";
import type { SignedHead } from "@generated/SignedHead";

export type WalkStretch = (after: number, hash: string | null) => Promise<AuditChain>;

export class ChainWalk {
  checkedTo = $state(0);
  newest = $state(0);
  brokenAt = $state<number | null>(null);
  head = $state.raw<SignedHead | null>(null);
  isWalking = $state(false);
  hasFailed = $state(false);
  #hash: string | null = null;
  #walk: WalkStretch;
  #isStopped = false;

  constructor(walk: WalkStretch) {
    this.#walk = walk;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** From the log's beginning. */
  async again(): Promise<void> {
    if (this.isWalking) return;
    this.checkedTo = 0;
    this.#hash = null;
    this.brokenAt = null;
    await this.on();
  }

  /** On to the newest entry, or to the break. */
  async on(): Promise<void> {
    if (this.isWalking || this.#isStopped || this.brokenAt !== null) return;
    this.isWalking = true;
    try {
      do {
        const stretch = await this.#walk(this.checkedTo, this.#hash);
        this.#hash = stretch.hash;
        this.checkedTo = stretch.checked_to;
        this.newest = stretch.newest;
        this.head = stretch.checkpoint;
        this.brokenAt = stretch.broken_at;
        this.hasFailed = false;
      } while (!this.#isStopped && this.brokenAt === null && this.checkedTo < this.newest);
    } catch {
      this.hasFailed = true;
    } finally {
      this.isWalking = false;
    }
  }
}
