// What keys do in a list that has the focus: along its rows, by pages, to its ends, into what is chosen.

/**
 * `onKey` is asked first what a key means for the chosen row; `page` is how many rows are in sight.
 * @param {HTMLElement} grid
 * @param {{ chosen(): any, hasChosen(): boolean, page(): number, move(step: number): void, onOpen?: (() => void) | undefined,
 *   onKey?: ((event: KeyboardEvent, item: any) => boolean | void) | undefined }} list
 */
export function listKeys(grid, { chosen, hasChosen, page, move, onKey, onOpen }) {
  grid.addEventListener("keydown", (event) => {
    if (event.target !== grid || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const item = chosen();
    if (item !== undefined && onKey?.(event, item)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    /** @type {Record<string, number>} */
    const steps = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page(),
      PageUp: -page(),
      Home: -Infinity,
      End: Infinity,
    };
    if (event.key in steps) move(steps[event.key] ?? 0);
    else if (event.key === "Enter" && hasChosen()) onOpen?.();
    else return;
    event.preventDefault();
  });
}
