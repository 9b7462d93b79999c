import { expect, test } from "bun:test";
import type { ShownLine } from "../fact/live.ts";
import { hiding, outlineOf, type OutlineItem, type Turned, type View } from "./session-outline.ts";

const line = (seq: number, about: Partial<ShownLine>): ShownLine => ({
  session_id: "s",
  seq,
  at: seq,
  from: "client",
  kind: "request",
  id: null,
  method: null,
  name: null,
  note: null,
  ms: null,
  state: null,
  of: null,
  progress: null,
  problems: 0,
  milestone: null,
  level: null,
  ...about,
});
const asks = (seq: number, method: string, from: "client" | "server" = "client") =>
  line(seq, { method, from });
const answers = (seq: number, of: number, from: "client" | "server" = "server") =>
  line(seq, { kind: "result", from, of });
const tells = (seq: number, method: string, about: Partial<ShownLine> = {}) =>
  line(seq, { kind: "notification", from: "server", method, ...about });

/** A handshake, an inventory, a call in which the server tells of progress and asks for something itself. */
const session = [
  line(0, { from: "event", kind: "event" }),
  asks(1, "initialize"),
  answers(2, 1),
  tells(3, "notifications/initialized", { from: "client" }),
  asks(4, "tools/list"),
  answers(5, 4),
  asks(6, "tools/call"),
  tells(7, "notifications/progress", { of: 6, progress: [1, 3] }),
  asks(8, "sampling/createMessage", "server"),
  answers(9, 8, "client"),
  tells(10, "notifications/progress", { of: 6, progress: [2, 3] }),
  answers(11, 6),
  tells(12, "notifications/tools/list_changed"),
  tells(13, "notifications/tools/list_changed"),
];

const shown = (rows: readonly ShownLine[], view: View, turned: Turned = new Set()) =>
  outlineOf(rows, view, turned).map(wordOf);

function wordOf(item: OutlineItem): string {
  if (item.kind === "section") return `${item.section} ${item.calls}/${item.messages} ${item.fold}`;
  const { row, depth, fold, times, answer } = item;
  return [
    ">".repeat(depth) + row.seq,
    fold ?? "",
    times > 1 ? `×${times}` : "",
    row.progress?.join("/") ?? "",
    answer ? `= ${answer.seq}` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

test("a sequence has sections, what a server asks inside of its call, progress as one bar, what repeats once", () => {
  expect(shown(session, "sequence")).toEqual([
    "0",
    "handshake 1/3 open",
    "1 open",
    "2",
    "3",
    "inventory 1/2 open",
    "4 open",
    "5",
    "work 1/8 open",
    "6 open",
    "7 ×2 2/3",
    ">8 open",
    ">9",
    "11",
    "12 folded ×2",
  ]);
});

test("a list has one row for one call, which opens to its messages", () => {
  expect(shown(session, "list").slice(-3)).toEqual(["work 1/8 open", "6 folded = 11", "12 folded ×2"]);
  expect(shown(session, "list", new Set([6])).slice(-6)).toEqual([
    "work 1/8 open",
    "6 open",
    ">7 ×2 2/3",
    ">8 folded = 9",
    ">11",
    "12 folded ×2",
  ]);
});

test("a section folds with what is said in it, not with what the process says", () => {
  const rows = [...session.slice(0, 3), line(2.5, { from: "stderr", kind: "stderr" }), ...session.slice(3)];
  expect(shown(rows, "sequence", new Set(["section-1"])).slice(0, 4)).toEqual([
    "0",
    "handshake 1/3 folded",
    "2.5",
    "inventory 1/2 open",
  ]);
});

test("what a server asks while several calls wait belongs to none of them", () => {
  const rows = [
    asks(1, "tools/call"),
    asks(2, "tools/call"),
    asks(3, "roots/list", "server"),
    answers(4, 3, "client"),
  ];
  expect(shown(rows, "sequence").slice(1)).toEqual(["1", "2", "3 open", "4"]);
});

test("whatever is turned, opening what hides a message brings it into sight", () => {
  const keys = [1, 4, 6, 8, -7, "section-1", "section-4", "section-6"];
  for (const view of ["sequence", "list"] as const)
    for (let n = 0; n < 2 ** keys.length; n++) {
      const turned = new Set(keys.filter((_, bit) => (n >> bit) & 1));
      for (const { seq } of session.slice(0, 12)) {
        const now = new Set<string | number>(turned);
        for (const key of hiding(session, view, turned, seq)) if (!now.delete(key)) now.add(key);
        const there = outlineOf(session, view, now).some((it) => it.kind === "message" && it.row.seq === seq);
        expect([view, n, seq, there]).toEqual([view, n, seq, true]);
      }
    }
});
