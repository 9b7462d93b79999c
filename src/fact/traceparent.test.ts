import { expect, test } from "bun:test";
import { traceParent } from "./traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("a traceparent gives trace, span and flags, and what looks like one gives nothing", () => {
  const read = { trace: TRACE, span: SPAN, flags: 1 };
  expect(traceParent(`00-${TRACE}-${SPAN}-01`)).toEqual(read);
  expect(traceParent(`01-${TRACE}-${SPAN}-01-more`)).toEqual(read);
  const none = [
    "",
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01x`,
  ];
  expect(none.map(traceParent)).toEqual(none.map(() => null));
});
