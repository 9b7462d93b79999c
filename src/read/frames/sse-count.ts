/** Counts the blocks of an event stream that are not read: those with something in a line, up to a blank one. */
const LF = 10;
const CR = 13;

/** `inBlock`: a block was begun before, and counts too. */
export function blockCounter(inBlock: boolean) {
  let inLine = false;
  /** The LF of a CRLF ends nothing more. */
  let afterCr = false;
  let blocks = 0;

  return { count, end, blocks: () => blocks };

  function count(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte !== LF && byte !== CR) {
        inLine = true;
        afterCr = false;
        continue;
      }
      const isSecond = byte === LF && afterCr;
      afterCr = byte === CR;
      if (isSecond) continue;
      if (inLine) [inLine, inBlock] = [false, true];
      else if (inBlock) [inBlock, blocks] = [false, blocks + 1];
    }
  }

  /** What was begun and not closed is one, too. */
  function end(): void {
    if (inLine || inBlock) blocks += 1;
    [inLine, inBlock] = [false, false];
  }
}
