// The four honest numbers. Each counts what is proved, never what is hoped:
// saved is what is sealed here, received is what a receipt says.
import type { Home } from "@generated/Home";

export interface Share {
  part: number;
  whole: number;
}

export interface Numbers {
  saved: Share;
  figures: Share;
  photos: Share;
  verified: Share;
}

export function numbersOf(home: Home): Numbers {
  const cards = home.posts.flatMap((post) => post.slots);
  const share = (part: number): Share => ({ part, whole: cards.length });
  return {
    saved: share(cards.filter((card) => card.revisions > 0).length),
    figures: share(cards.filter((card) => card.figures_received).length),
    photos: {
      part: cards.reduce((sum, card) => sum + card.photos.received, 0),
      whole: cards.reduce((sum, card) => sum + card.photos.total, 0),
    },
    verified: share(cards.filter((card) => card.standing.kind === "verified").length),
  };
}
