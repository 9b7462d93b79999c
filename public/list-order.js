// In which order the list is: by time with the newest last or first, or by another column. It is remembered, or stands in the address.

export function startOrder() {
  /** By another column than time, as `-cost`; empty for the order of time. */
  let sort = new URLSearchParams(location.search).get("sort") ?? "";
  /** Where the newest stand, when the list is in the order of time. */
  let newest = localStorage.getItem("order") === "first" ? "first" : "last";

  return {
    get sort() {
      return sort;
    },
    get newest() {
      return newest;
    },
    /** As a column's head says it. */
    get head() {
      return sort || (newest === "first" ? "-time" : "time");
    },
    /** Where new rows come in. @returns {"bottom" | "top"} */
    get edge() {
      return sort === "" && newest === "last" ? "bottom" : "top";
    },
    turn,
  };

  /** Time has two orders, another column three: its largest first, its smallest, and time again. @param {string} by */
  function turn(by) {
    if (by === "time" && sort === "") {
      newest = newest === "first" ? "last" : "first";
      localStorage.setItem("order", newest);
    } else if (by === "time") sort = "";
    else sort = sort === `-${by}` ? by : sort === by ? "" : `-${by}`;
  }
}

/**
 * The rows of a store for the list, from the other end where `isFlipped`.
 * @param {() => import("./list.js").Source} rows @param {() => boolean} isFlipped @returns {import("./list.js").Source}
 */
export function flippable(rows, isFlipped) {
  const turned = (/** @type {number} */ n) => (isFlipped() ? rows().length - 1 - n : n);
  return {
    get length() {
      return rows().length;
    },
    at: (n) => rows().at(turned(n)),
    indexOf(id) {
      const n = rows().indexOf(id);
      return n < 0 ? n : turned(n);
    },
    want(first, last) {
      if (isFlipped()) rows().want?.(rows().length - last, rows().length - first);
      else rows().want?.(first, last);
    },
  };
}
