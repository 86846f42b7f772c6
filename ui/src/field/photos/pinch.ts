// Two fingers on a picture: calls back with the factor by which they moved apart.

export function pinch(node: HTMLElement, zoomBy: (factor: number) => void) {
  let apart: number | null = null;

  function moved(event: TouchEvent) {
    const [one, other] = [event.touches[0], event.touches[1]];
    if (!one || !other) {
      apart = null;
      return;
    }
    event.preventDefault();
    const now = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (apart !== null && apart > 0) zoomBy(now / apart);
    apart = now;
  }

  const ended = () => (apart = null);
  node.addEventListener("touchmove", moved, { passive: false });
  node.addEventListener("touchend", ended);
  return {
    destroy() {
      node.removeEventListener("touchmove", moved);
      node.removeEventListener("touchend", ended);
    },
  };
}
