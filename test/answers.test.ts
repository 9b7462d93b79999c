/** Every route of the API says what it answers, and answers that and nothing more. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { unlike } from "./described.ts";
import { getJson, type Json, type Program, startProgram, until } from "./program.ts";

let program: Program;
/** Routes by `get /api/…`, as the description has them. */
let routes: Record<string, Json>;
/** An answer of each, asked with what the demo left in the record. */
let asked: Record<string, string[]>;
/** What the socket said meanwhile. */
let told: Json[];

beforeAll(async () => {
  program = await startProgram();
  const { pageUrl } = program;
  const { paths } = await getJson(`${pageUrl}/api/openapi.json`);
  routes = Object.fromEntries(
    Object.entries<Json>(paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, route]) => [`${method} ${path}`, route]),
    ),
  );
  told = await listening(pageUrl);
  expect(await posted(`${pageUrl}/api/demo`)).toEqual({ done: true });
  const run = await until(async () => {
    const { items } = await getJson(`${pageUrl}/api/runs`);
    return items.find(({ ties }: Json) => ties.inferred >= 3);
  });
  const { steps } = await getJson(`${pageUrl}/api/runs/${run.id}`);
  const tool = steps.find((step: Json) => step.kind === "tool" && step.ties.length > 0);
  const session = run.sessions[0];
  const starred = { of: "run", id: run.id, starred: true };
  for (const star of [starred, { ...starred, of: "session", id: run.sessions[0] }])
    expect(await posted(`${pageUrl}/api/star`, star)).toEqual(star);
  const exchanges = (await getJson(`${pageUrl}/api/exchanges?limit=1000`)).items as Json[];
  const later = exchanges.find(({ parent }) => parent !== null)!;
  const every = (path: string) => exchanges.map(({ id }) => path.replace("ID", id));
  asked = {
    "get /healthz": ["/healthz"],
    "get /api/exchanges": ["/api/exchanges?limit=500", "/api/exchanges?from=0&limit=3&q=has:tool_call"],
    "get /api/exchanges/{id}": every("/api/exchanges/ID"),
    "get /api/exchanges/{id}/rank": [`/api/exchanges/${later.id}/rank`],
    "get /api/exchanges/{id}/reading": every("/api/exchanges/ID/reading"),
    "get /api/exchanges/{id}/steps": every("/api/exchanges/ID/steps"),
    "get /api/exchanges/{id}/diff": [
      ...every("/api/exchanges/ID/diff"),
      `/api/exchanges/${later.id}/diff?with=${later.parent}`,
    ],
    "get /api/exchanges/{id}/ledger": every("/api/exchanges/ID/ledger"),
    "get /api/mcp/sessions": ["/api/mcp/sessions"],
    "get /api/mcp/sessions/{id}": [`/api/mcp/sessions/${session}`, `/api/mcp/sessions/${session}?limit=1`],
    "get /api/mcp/sessions/{id}/ties": [`/api/mcp/sessions/${session}/ties`],
    "get /api/status": ["/api/status"],
    "get /api/overview": ["/api/overview", "/api/overview?q=model:gpt*&stretches=5"],
    "get /api/facets": ["/api/facets"],
    "get /api/glossary": [
      "/api/glossary",
      "/api/glossary?lang=zh&dialect=anthropic-messages",
      "/api/glossary?key=any%20header%20etag",
    ],
    "get /api/demo": ["/api/demo"],
    "get /api/grouped": [
      "/api/grouped?by=conversation",
      "/api/grouped?by=run&calls=1",
      "/api/grouped?by=run&fold=all",
    ],
    "get /api/grouped/{id}/rank": [`/api/grouped/${later.id}/rank?by=run`],
    "get /api/runs": ["/api/runs", "/api/runs?sort=-cost&limit=1"],
    "get /api/runs/facets": ["/api/runs/facets"],
    "get /api/runs/{id}": [`/api/runs/${run.id}`, `/api/runs/${run.id}?limit=1`],
    "get /api/runs/{id}/step": [`/api/runs/${run.id}/step?id=${encodeURIComponent(tool.id)}`],
    "get /api/runs/{id}/exposure": [`/api/runs/${run.id}/exposure`],
    "get /api/runs/{id}/ledger": [`/api/runs/${run.id}/ledger`],
    "get /api/hosts": ["/api/hosts"],
  };
});

async function posted(url: string, body?: object): Promise<Json> {
  const headers = { origin: program.pageUrl, "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, ...(body && { body: JSON.stringify(body) }) });
  return answer.json();
}

/** All that the socket says; it follows each exchange that begins and each session. */
async function listening(pageUrl: string): Promise<Json[]> {
  const frames: Json[] = [];
  const sockets = ["", "?frames=together"].map(
    (query) => new WebSocket(`${pageUrl.replace("http", "ws")}/ws${query}`),
  );
  for (const socket of sockets)
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      frames.push(frame);
      const { type, row } = frame;
      if (type === "exchange.open" || type === "mcp.session") socket.send(JSON.stringify({ follow: row.id }));
      if (type === "exchange.open") socket.send(JSON.stringify({ subscribe: row.id }));
    };
  await until(() => frames.length >= sockets.length);
  return frames;
}

afterAll(() => program[Symbol.asyncDispose]());

/** What is asked in a way of its own: what is posted, text for Prometheus, a socket (the test of its frames). */
const OTHERWISE = ["post /api/demo", "post /api/star", "post /api/delete", "get /metrics", "get /ws"];

test("every route says what it answers, and each is asked here", () => {
  const mute = Object.entries(routes).filter(([, { responses }]) => {
    const [said] = Object.entries<Json>(responses ?? {});
    return !said?.[1].content;
  });
  expect(mute.map(([route]) => route)).toEqual([]);
  expect(Object.keys(routes).toSorted()).toEqual([...Object.keys(asked), ...OTHERWISE].toSorted());
});

test("what a route answers is what it says, without a member more", async () => {
  const wrong: Record<string, string[]> = {};
  for (const [route, paths] of Object.entries(asked)) {
    const schema = routes[route].responses[200].content["application/json"].schema;
    for (const path of paths) {
      const answer = await fetch(program.pageUrl + path);
      const told = unlike(schema, await answer.json());
      if (answer.status !== 200 || told.length > 0) wrong[`${answer.status} ${path}`] ??= told;
    }
  }
  expect(wrong).toEqual({});
});

test("what the socket tells is what it says, without a member more", async () => {
  const { schema } = routes["get /ws"].responses[101].content["application/json"];
  const types = [...new Set(told.map(({ type }) => type))].toSorted();
  const live = ["exchange.added", "exchange.bytes", "mcp.head", "mcp.message"];
  expect(types).toEqual(
    expect.arrayContaining([...live, "exchange.head", "frames", "hello", "run.step", "star"]),
  );
  const wrong = told.map((frame) => [frame.type, unlike(one(schema, frame.type), frame)] as const);
  expect(wrong.filter(([, why]) => why.length > 0).slice(0, 5)).toEqual([]);
});

/** That of one type, so that what is wrong says where and not that none of twenty fits. */
function one(schema: Json, type: string): Json {
  const all: Json[] = schema.anyOf.flatMap((part: Json) => part.anyOf ?? [part]);
  return all.find(({ properties }) => properties.type.const === type);
}

test("what is not there is said in a sentence, as the route says", async () => {
  const missing = Object.entries(routes).filter(([route, { responses }]) =>
    Boolean(route.startsWith("get /api") && responses[404]),
  );
  expect(missing.length).toBeGreaterThan(8);
  for (const [route, { responses }] of missing) {
    const path = route.slice(4).replace("{id}", "0192d3c4-0000-7000-8000-000000000000");
    const query = path === "/api/glossary" ? "?key=nothing" : path.endsWith("/step") ? "?id=none" : "";
    const answer = await fetch(program.pageUrl + path + query);
    const told = unlike(responses[404].content["application/json"].schema, await answer.json());
    expect({ path, status: answer.status, told }).toEqual({ path, status: 404, told: [] });
  }
});

// The last: what it deletes is asked for above.
test("what is posted is answered as it says, without a member more", async () => {
  const { items } = await getJson(`${program.pageUrl}/api/exchanges?limit=1`);
  const [exchange] = items as Json[];
  const gone = { of: "exchange", id: "0192d3c4-0000-7000-8000-000000000000" };
  const answers = {
    "/api/star": await posted(`${program.pageUrl}/api/star`, { ...gone, starred: false }),
    "/api/delete": await posted(`${program.pageUrl}/api/delete`, {
      things: [{ of: "exchange", id: exchange.id }, gone],
    }),
  };
  const wrong = Object.entries(answers).map(([path, answer]) => {
    const { schema } = routes[`post ${path}`].responses[200].content["application/json"];
    return [path, unlike(schema, answer)];
  });
  expect(Object.fromEntries(wrong)).toEqual({ "/api/star": [], "/api/delete": [] });
});
