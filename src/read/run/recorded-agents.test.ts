import { expect, test } from "bun:test";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { type Piece, sorted, tiesIn, told } from "./written.testkit.ts";

async function recorded(name: string): Promise<Piece[]> {
  const { pieces } = await Bun.file(join(import.meta.dir, "fixtures", `${name}.json`)).json();
  return pieces as Piece[];
}

/** Each tool step: its name's end, its state, how sure, by which rule, and what is wrong beyond notes. */
function storyOf(pieces: readonly Piece[]): string[] {
  return [...told(pieces).steps.values()]
    .filter(({ kind }) => kind === "tool")
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map(({ name, state, certainty, rule, problems }) =>
      [
        name,
        state,
        certainty,
        rule,
        ...problems.filter(({ severity }) => severity !== "note").map((one) => one.rule),
      ]
        .filter((word) => word !== null)
        .join(" "),
    );
}

const exact = "mcp__weather__get_forecast served exact meta-tool-use-id";
const stories: Record<string, string[]> = {
  "claude-code": [exact, exact, exact, exact],
  "claude-code-agents": ["Agent host", "Agent host", exact, exact],
  "qwen-code": [
    "tool_search host",
    "mcp__weather__get_forecast served inferred name+arguments+order",
    "mcp__weather__get_forecast served ambiguous name+arguments+order",
    "mcp__weather__get_forecast served ambiguous name+arguments+order",
    // It checks a call against the tool's schema by itself.
    "mcp__weather__get_forecast not-sent join/not-sent",
  ],
  opencode: [
    "weather_get_forecast served inferred name+arguments+order",
    "weather_get_forecast served ambiguous name+arguments+order",
    "weather_get_forecast served ambiguous name+arguments+order",
    "weather_get_forecast served inferred name+arguments+order",
  ],
  // Started by `run`: both wires say whose run it is. The tool is kept back until it is searched.
  "claude-2.1.332": ["ToolSearch host", exact],
  // One tool runs JavaScript; its first script found no server ready.
  "codex-0.171.0": ["exec host", "exec served exact codex-item-id"],
  "gemini-0.61.0": ["mcp_weather_get_forecast served inferred run-id"],
  // Called through `tool_call`; the text and the structured content are both shown to the model.
  "qwen-0.24.4": ["tool_search host", "mcp__weather__get_forecast served inferred run-id join/result-twice"],
};

test.each(Object.keys(stories))(
  "%s as it was recorded: each call's state and tie, in any order",
  async (name) => {
    const pieces = await recorded(name);
    expect(storyOf(pieces)).toEqual(stories[name]!);
    const rows = sorted(told(pieces));
    fc.assert(
      fc.property(fc.shuffledSubarray(pieces, { minLength: pieces.length }), (shuffled) =>
        isDeepStrictEqual(sorted(told(shuffled, "each")), rows),
      ),
      { numRuns: 30 },
    );
  },
);

test("sub-agents of Claude Code hang below the calls that started them", async () => {
  const { steps } = told(await recorded("claude-code-agents"));
  const begins = [...steps.values()].filter(
    ({ kind, lane, parent }) => kind === "model" && lane !== "main" && parent !== null,
  );
  expect(begins.map(({ parent }) => steps.get(parent!)?.name)).toEqual(["Agent", "Agent"]);
  expect(new Set(begins.map(({ parent }) => parent)).size).toBe(2);
});

test("all of them at the same moment: no call of one is tied to another's", async () => {
  const all = await Promise.all(Object.keys(stories).map((name) => recorded(name)));
  const apart = all.flatMap((pieces) => tiesIn(told(pieces))).toSorted();
  const moved = all.flatMap((pieces) => {
    const first = Math.min(...pieces.map(({ it }) => it.at));
    return pieces.map((piece) => later(piece, 1_800_000_000_000 - first));
  });
  expect(tiesIn(told(moved))).toEqual(apart);
});

/** The same at another time. */
function later(piece: Piece, by: number): Piece {
  return JSON.parse(JSON.stringify(piece), (key, value: unknown) =>
    typeof value === "number" && ["at", "ended", "last"].includes(key) ? value + by : value,
  ) as Piece;
}
