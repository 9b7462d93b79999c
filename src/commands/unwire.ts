/** `unwire`: the way back; see wire.ts. */
export { unwire } from "./wire.ts";
