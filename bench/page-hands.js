// What `page.ts` does inside of the page: put there before anything else, and asked by name. Each gives ms, or a list of them.

/** The first row is drawn; ms since the page was asked for. */
const firstRow = new Promise((resolve) => {
  const found = new MutationObserver(() => {
    // Those that came with the page count: they are what a person sees.
    if (!document.querySelector("#list .rows .row, #list .first-rows .row")) return;
    found.disconnect();
    requestAnimationFrame(() => resolve(performance.now()));
  });
  found.observe(document, { childList: true, subtree: true });
});

/** From a click on the n-th row in sight until the panel of its detail is drawn. */
function click(n) {
  const rows = document.querySelectorAll("#list .rows .row");
  const before = document.querySelector("#panel");
  return until(
    document.querySelector("#detail"),
    () => {
      const panel = document.querySelector("#panel");
      return panel !== null && panel !== before && panel.textContent !== "";
    },
    () => rows[1 + (n % (rows.length - 2))].click(),
  );
}

/** From a key in the filter until the list says how many fit. */
function type(text) {
  const field = document.querySelector("#filter input[name=q]");
  const shown = document.querySelector("#shown");
  const before = shown.textContent;
  return until(
    shown,
    () => shown.textContent !== before,
    () => {
      field.focus();
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
  );
}

function until(where, holds, act) {
  const start = performance.now();
  return new Promise((resolve) => {
    const seen = new MutationObserver(() => {
      if (!holds()) return;
      seen.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    seen.observe(where, { childList: true, characterData: true, subtree: true });
    act();
  });
}

/** For so many ms: what each frame of the display took, and how old each row was when it came into the list. */
async function watch(ms) {
  const frames = [];
  const ages = [];
  const known = new Set();
  const list = document.querySelector("#list .rows");
  const rows = new MutationObserver(() => {
    for (const row of list.querySelectorAll(".row")) {
      if (row.id === "" || known.has(row.id)) continue;
      known.add(row.id);
      const age = Date.now() - madeAt(row.id);
      // Those that were there before.
      if (age < 60_000) ages.push(age);
    }
  });
  rows.observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["id"] });
  const end = performance.now() + ms;
  let last = await nextFrame();
  while (last < end) {
    const now = await nextFrame();
    frames.push(now - last);
    last = now;
  }
  rows.disconnect();
  return { frames, ages };
}

/** Goes through the list for so many ms, by most of what is in sight with each frame, and says what each took. */
async function scroll(ms) {
  const grid = document.querySelector("#list");
  const frames = [];
  const end = performance.now() + ms;
  let last = await nextFrame();
  let step = -grid.clientHeight * 0.8;
  while (last < end) {
    if (grid.scrollTop <= 0 || grid.scrollTop + grid.clientHeight >= grid.scrollHeight)
      step = grid.scrollTop <= 0 ? Math.abs(step) : -Math.abs(step);
    grid.scrollTop += step;
    const now = await nextFrame();
    frames.push(now - last);
    last = now;
  }
  return frames;
}

/** An id begins with the time when it was made, in twelve hexadecimal digits. */
function madeAt(id) {
  const [, early, late] = /([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id) ?? [];
  return Number.parseInt(early + late, 16);
}

function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

window.hands = { firstRow, click, type, watch, scroll };
