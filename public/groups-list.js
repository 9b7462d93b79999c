// The list in groups as a person handles it: what a click and a key do to a head, an exchange, a call.
import { $, failed } from "./dom.js";
import { fragment, swap } from "./fragments.js";
import { fillGrouped } from "./group-cells.js";
import { groupStore, keyOf } from "./groups.js";

/** @typedef {import("../src/index/index.ts").GroupedRow} Grouped */

/**
 * @param {{ list: any, onChange(): void, open(id: string, how: string): void, show(): void }} screen
 */
export function startGroups({ list, onChange, open, show }) {
  const store = groupStore({ onChange, top: () => list.top, moved: (n) => list.shift(n) });
  let wanted = 0;

  document.getElementById("list")?.addEventListener(
    "click",
    (event) => {
      const sign = /** @type {Element} */ (event.target).closest("[data-fold], .group > .c-sign");
      const item = /** @type {any} */ (sign?.closest(".row"))?.item;
      if (!item?.kind) return;
      event.stopPropagation();
      turn(item, "turn");
    },
    true,
  );

  return {
    store,
    fillGrouped,
    keyOf,
    choose,
    key,
    foldAll: store.foldAll,
    get folded() {
      return store.folded;
    },
  };

  /** @param {Grouped} item @param {string} how */
  function choose(item, how) {
    if (item.kind === "exchange") {
      wanted += 1;
      $("#detail").classList.remove("run-detail");
      return open(item.row.id, how);
    }
    if (item.kind === "call") return void part(item.step.run, `?step=${encodeURIComponent(item.step.id)}`);
    if (item.group.by === "run") return void part(item.group.id, "");
    if (how === "click") turn(item, "turn");
  }

  /** What is known of a run or of a step of it, beside the list. @param {string} run @param {string} search */
  async function part(run, search) {
    const mine = ++wanted;
    try {
      const text = await fragment(`/run/${encodeURIComponent(run)}/part${search}`);
      if (mine !== wanted) return;
      show();
      $("#detail").classList.add("run-detail");
      await swap("#detail", text);
      $("#detail").scrollTop = 0;
    } catch (error) {
      failed(/** @type {Error} */ (error));
    }
  }

  /** ← folds and goes to what it stands under, → opens, the space bar turns it round. @param {KeyboardEvent} event @param {Grouped} item */
  function key(event, item) {
    if (!item.kind) return false;
    if (event.key === "ArrowRight") return turn(item, "open");
    if (event.key === " ") return turn(item, "turn");
    if (event.key !== "ArrowLeft") return false;
    const above = parentOf(item);
    const isOpen = item.kind === "group" ? !item.group.folded : item.kind === "exchange" && item.opened;
    if (isOpen || above === null) return turn(item, "fold");
    list.select(above, "quiet");
    const n = store.indexOf(above);
    if (n >= 0) list.show(n);
    return true;
  }

  /** @param {Grouped} item @param {"fold" | "open" | "turn"} how */
  function turn(item, how) {
    if (item.kind === "group") void store.fold(item.group.id, how);
    else if (item.kind === "exchange" && item.calls > 0) store.openCalls(item.row.id, how);
    else return false;
    list.follow = false;
    return true;
  }

  /** @param {Grouped} item @returns {string | null} */
  function parentOf(item) {
    if (item.kind === "call" && item.step.exchange) return item.step.exchange;
    return item.kind === "group" || item.group === null ? null : `group-${item.group}`;
  }
}
