// What is printed is the whole story: earlier messages, which a click brings on the screen, are there on paper too.

/** So many clicks' worth, characters of them, and ms: a story without an end is printed from its end, and says what is left out. */
const MOST_STEPS = 40;
const MOST_CHARACTERS = 4_000_000;
const MOST_MS = 3_000;

/** Once, however often it is called. */
export function startPrinting() {
  window.addEventListener("beforeprint", bringEarlier);
}

/** Paper does not wait for promises: what is not here when this returns is not printed. */
function bringEarlier() {
  const start = performance.now();
  let left = MOST_CHARACTERS;
  for (let n = 0; n < MOST_STEPS && left > 0 && performance.now() - start < MOST_MS; n++) {
    const place = document.querySelector("#detail .older");
    const address = place?.querySelector("button")?.getAttribute("hx-get");
    const text = address ? now(address) : null;
    if (!place || text === null) return;
    left -= text.length;
    const around = place.parentElement;
    place.replaceWith(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    if (around) htmx.process(around);
  }
}

/** Null where it cannot be had: what stands there says what is missing. @param {string} address */
function now(address) {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  request.setRequestHeader("HX-Request", "true");
  try {
    request.send();
  } catch {
    return null;
  }
  return request.status === 200 ? request.responseText : null;
}
