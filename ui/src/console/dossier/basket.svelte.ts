// Forms that are picked for a dossier, from whatever list one goes through.

/** As many as a dossier may have. */
export const BASKET_MAX = 300;

let picked = $state.raw<readonly string[]>([]);

export const basket = {
  get slots(): readonly string[] {
    return picked;
  },
  has: (slot: string): boolean => picked.includes(slot),
  /** Puts it in, or takes it out again; `false` when there is no room. */
  toggle(slot: string): boolean {
    if (picked.includes(slot)) {
      picked = picked.filter((other) => other !== slot);
      return true;
    }
    if (picked.length >= BASKET_MAX) return false;
    picked = [...picked, slot];
    return true;
  },
  clear(): void {
    picked = [];
  },
};
