// Whether the strip above the list is shown, and the stretch of time that is chosen in it. What it draws is loaded where it is shown.
import { $ } from "./dom.js";

/** @param {{ asked(): string, set(q: string): void }} filter */
export function startStrip({ asked, set }) {
  /** @type {Promise<ReturnType<typeof import("./overview.js").startOverview>> | null} */
  let overview = null;
  return { refresh, turn, within };

  /** It was shown or hidden, or another filter is asked for. */
  async function refresh() {
    const strip = document.getElementById("overview");
    if (!strip) return;
    const isShown = strip.offsetParent !== null;
    $('[data-do="overview"]').setAttribute("aria-expanded", String(isShown));
    $('[data-do="whole-time"]').hidden = !/(?:^|\s)(?:since|until):/.test(asked());
    if (!isShown) return;
    if (overview) return void (await overview).load();
    overview = import("./overview.js").then(({ startOverview }) =>
      startOverview({
        q: asked,
        choose: within,
        add: (word) => set(`${asked()} ${word}`.trim()),
      }),
    );
    await overview;
  }

  function turn() {
    const isShown = document.getElementById("overview")?.offsetParent !== null;
    document.documentElement.dataset["overview"] = isShown ? "off" : "on";
    localStorage.setItem("overview", isShown ? "off" : "on");
    void refresh();
  }

  /** Only this stretch of time, or all of it again. @param {readonly number[] | null} time */
  function within(time) {
    const rest = asked()
      .split(/\s+/)
      .filter((word) => word !== "" && !/^(?:since|until):/.test(word));
    const said = time?.map((at, n) => `${n === 0 ? "since" : "until"}:${new Date(at).toISOString()}`) ?? [];
    set([...rest, ...said].join(" "));
  }
}
