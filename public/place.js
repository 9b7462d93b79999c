// A place on another panel that somebody asked for: an event of the stream, a message of the story.

/** @type {string | null} */
let wanted = null;

/** @param {string | null} place `event-12`, `message-3` */
export function want(place) {
  wanted = place;
}

/** The number of the event (or message) that is wanted, once: from a click, or from the address. @param {"event" | "message"} kind */
export function taken(kind) {
  const place = wanted ?? location.hash.slice(1);
  const [, found, n] = /^(event|message)-(\d{1,9})$/.exec(place) ?? [];
  if (found !== kind) return null;
  wanted = null;
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  return Number(n);
}
