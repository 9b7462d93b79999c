import { expect, test } from "bun:test";
import { requestDiff } from "../../read/run/request-diff.ts";
import { believable } from "../../../test/believable.ts";
import { createWeb } from "../app.ts";
import { translator } from "../language.ts";
import type { View } from "../view.ts";
import { headline } from "./headline.ts";

const asked = (system: string, said: string[], temperature = 0) => ({
  model: "m",
  settings: { temperature },
  system: [{ type: "text", text: system }],
  tools: [],
  messages: said.map((text) => ({ role: "user", parts: [{ type: "text", text }] })),
});

const says = (before: ReturnType<typeof asked>, after: ReturnType<typeof asked>, lang: "en" | "zh" = "en") =>
  headline(
    { t: translator(lang), lang } as View,
    requestDiff(before as unknown as Parameters<typeof requestDiff>[0], after as never),
  );

test("one sentence says what differs, and where a system prompt begins to", () => {
  const [clock, later] = ["It is 12:05:26 now.", "It is 12:05:31 now."];
  expect(says(asked(clock, ["a"]), asked(clock, ["a"]))).toBe("The same request.");
  expect(says(asked(clock, ["a"]), asked(later, ["a"]))).toBe(
    "the system prompt differs in 2 characters from character 13 on.",
  );
  expect(says(asked(clock, ["a"]), asked(clock, ["a", "b"], 1))).toBe(
    "1 other setting and 1 other message after 1 that is the same.",
  );
  expect(says(asked(clock, ["a"]), asked(clock, ["b"]))).toBe("1 other message.");
  expect(says(asked(clock, ["a"]), asked(clock, ["a", "b"]), "zh")).toBe(
    "前 1 条消息相同，其后有 1 条不同。",
  );
});

test("two exchanges have an address; of one that is gone it is said", async () => {
  const world = believable();
  const app = await createWeb(world.sources);
  const get = (path: string) =>
    app.handle(new Request(`http://127.0.0.1${path}`, { headers: { host: "127.0.0.1" } }));
  const ids = ["<b>one</b>", "two"].map((content) => {
    const flight = world.begin({ body: { model: "m", messages: [{ role: "user", content }] } });
    flight.head(10);
    flight.end(30);
    return flight.id;
  });
  const found = await get(`/diff/${ids.join("..")}`);
  const text = await found.text();
  expect([found.status, text.includes("<b>one</b>"), text.includes("&lt;b&gt;one")]).toEqual([
    200,
    false,
    true,
  ]);
  expect((await get(`/diff/${ids[0]}..nobody`)).status).toBe(404);
  expect((await get("/diff/nobody")).status).toBe(400);
});
