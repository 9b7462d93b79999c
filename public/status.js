// Counts in the header and in the line below. A `status` frame is the truth; rows count up until one comes.
import { onFrames } from "./feed.js";
import { count } from "./words.js";

export function startStatus() {
  const counts = { exchanges: read("exchanges"), sessions: read("sessions") };
  const known = new Set();
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let waiting = null;

  onFrames((frames) => {
    for (const frame of frames) {
      if (frame.type === "exchange.open") counts.exchanges += 1;
      if (frame.type === "exchange.gone") counts.exchanges = Math.max(0, counts.exchanges - frame.ids.length);
      if (frame.type === "mcp.session" && frame.row.messages <= 1 && !known.has(frame.row.id)) {
        known.add(frame.row.id);
        counts.sessions += 1;
      }
      if (frame.type === "status") {
        const { exchanges, waiting: unwritten, in_flight } = frame.status;
        counts.exchanges = exchanges + unwritten + in_flight;
        counts.sessions = frame.status.sessions;
      }
    }
    for (const [name, n] of Object.entries(counts)) {
      const it = slot(name);
      if (it.textContent !== count(n)) it.textContent = count(n);
    }
    refresh();
  });

  /** The line itself comes from the server, at most every two seconds. */
  function refresh() {
    if (waiting !== null) return;
    waiting = setTimeout(
      () => {
        waiting = null;
        asked = performance.now();
        const line = document.getElementById("status");
        // An open list of unreadable files is being read: do not take it away.
        if (line && !line.querySelector("details[open]")) htmx.trigger(line, "refresh");
      },
      Math.max(200, 2000 - (performance.now() - asked)),
    );
  }
}

/** @param {string} name */
function slot(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-count="${name}"]`));
}

/** @param {string} name */
function read(name) {
  return Number((slot(name).textContent ?? "").replace(/\D/g, ""));
}
