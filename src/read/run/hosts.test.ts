import { expect, test } from "bun:test";
import type { StepRow } from "../../fact/rows.ts";
import { hostSays, hostsOf } from "./hosts.ts";
import { model, type Piece, served, session, told } from "./written.testkit.ts";

const image = { type: "image", data: "aGk=", mimeType: "image/png" };

/** One call of an agent: what the server gave, and what the model saw. */
function treated(agent: string, n: number, result: Record<string, unknown>, seen: object): Piece[] {
  const [asking, seeing, at] = [`${agent} ${n}`, `${agent} ${n} then`, n * 10_000];
  return [
    session({ id: `s ${asking}` }),
    model({ id: asking, at, agent, asked: [{ name: "look", id: asking }] }),
    served({ session: `s ${asking}`, seq: 1, at: at + 200, name: "look", tool_use: asking, result }),
    model({ id: seeing, at: at + 400, agent, after: asking, seen: [{ id: asking, ...seen }] }),
  ];
}

function hosts(...pieces: Piece[]) {
  const { runs, steps } = told(pieces);
  const found = [...steps.values()].filter((step: StepRow) => step.fidelity !== null);
  return hostsOf(found.map((step) => ({ step, run: runs.get(step.run)! })));
}

const both = { content: [{ type: "text", text: "18 degrees" }], structuredContent: { degrees: 18 } };
const text = (said: string) => ({ content: [{ type: "text", text: said }] });

test("which form wins is said of the results that have both, with its share where it is mixed", () => {
  const [host] = hosts(
    ...treated("claude-cli/2.1.9", 1, both, { text: "18 degrees" }),
    ...treated("claude-cli/2.1.332", 2, both, { text: '{"degrees":18}' }),
    ...treated("claude-cli/2.1.332", 3, both, { text: '{"degrees":18}' }),
    ...treated("claude-cli/2.1.332", 4, text("only words"), { text: "only words" }),
  );
  expect(host).toMatchObject({ host: "Claude Code", versions: ["2.1.332", "2.1.9"], calls: 4 });
  expect(host!.choices).toEqual({ content: 1, structured: 2 });
  expect(host!.says).toBe("structuredContent wins, the text beside it is not shown (2 of 3); from 4 calls");
  expect(hostSays(host!, "zh")).toBe(
    "以 structuredContent 为准，不展示旁边的文本（3 次中 2 次）；依据 4 次调用",
  );
});

test("each rule names a step that shows it, the latest; what the model does is not the host's", () => {
  const [host] = hosts(
    ...[1, 2, 3].flatMap((n) =>
      treated(`mine/1`, n, { ...text("a"), isError: true }, { text: "all is well and fine" }),
    ),
    ...treated("mine/1", 4, { content: [image] }, { text: "" }),
  );
  expect(host!.rules.map(({ rule, calls, step }) => [rule, calls, step])).toContainEqual([
    "join/error-lost",
    3,
    "mine/1 3#0",
  ]);
  expect(host!.says).toContain("images, sound and links are dropped or turned into text");
  expect(host!.rules.some(({ rule }) => rule === "join/repeated")).toBe(false);
});

test("an agent that is not known goes by its own name, one that says none is unknown", () => {
  const found = hosts(
    ...treated("my-agent/0.1", 1, text("a"), { text: "a" }),
    ...treated("", 2, text("b"), { text: "b" }),
  );
  expect(found.map(({ host }) => host).toSorted()).toEqual(["my-agent", "unknown"]);
});
