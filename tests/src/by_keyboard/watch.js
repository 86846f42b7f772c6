// Waits for the next event and measures until the page shows what came of it.
//
// The two names between underscores are put in before it is run. It is done when
// what is to be shown has become something other than it was, and other than
// nothing, and a frame that shows so has gone out. Modifiers alone begin nothing.
const PROGRESS = "progress, dialog [role=status]:not(:empty)";
const shown = () => {
  try {
    return (__SHOWN__) || null;
  } catch {
    return null;
  }
};
const before = shown();
if (before === true) return "it is shown already";
// What is fetched from now on belongs to what is waited for.
performance.clearResourceTimings();
if (!window.saksiPickers) {
  // The system's own dialog for files is no part of the page, and stays shut.
  window.saksiPickers = true;
  window.addEventListener(
    "click",
    (event) => {
      if (!(event.target instanceof HTMLInputElement) || event.target.type !== "file") return;
      event.preventDefault();
      window.saksiPicking = true;
    },
    true,
  );
}
window.saksiWatch = new Promise((done) => {
  const begin = (event) => {
    if (["Control", "Shift", "Alt"].includes(event.key)) return;
    window.removeEventListener(__EVENT__, begin, true);
    const began = event.timeStamp;
    const since = () => performance.now() - began;
    let progressMs = null;
    const look = () => {
      const now = shown();
      if (progressMs === null && document.querySelector(PROGRESS)) progressMs = since();
      if (now === null || now === before) {
        requestAnimationFrame(look);
        return;
      }
      const painted = new MessageChannel();
      painted.port1.onmessage = () => {
        const fetched = performance
          .getEntriesByType("resource")
          .map(({ name, duration }) => ({ path: name.replace(location.origin, ""), ms: duration }))
          .sort((one, other) => other.ms - one.ms);
        done({ ms: since(), progress_ms: progressMs, slowest: fetched[0] ?? null });
      };
      painted.port2.postMessage(null);
    };
    requestAnimationFrame(look);
  };
  window.addEventListener(__EVENT__, begin, true);
});
return null;
