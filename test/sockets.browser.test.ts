/** A run of an agent on one WebSocket, on the page in a real browser: rows while it runs, the socket that holds them. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { BROWSER_TEST, executablePath, launch, newPage } from "./chromium.ts";
import { startProgram, until } from "./program.ts";
import { counts, shows } from "./visit.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

/** Answers each question with its own words; the last one is held until it is let go. */
function responsesUpstream() {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let n = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, self) =>
      self.upgrade(request) ? undefined : new Response("no socket", { status: 400 }),
    websocket: {
      async message(socket, message) {
        const { model, input, generate } = JSON.parse(String(message));
        const id = `resp_${++n}`;
        const send = (type: string, more: object) => socket.send(JSON.stringify({ type, ...more }));
        const response = (status: string, output: object[] = []) => ({
          response: {
            id,
            object: "response",
            model,
            status,
            output,
            usage: { input_tokens: 40 + n, output_tokens: 3, total_tokens: 43 + n },
          },
        });
        send("response.created", response("in_progress"));
        if (generate === false) return void send("response.completed", response("completed"));
        const text = `You asked: ${input[0].content}`;
        send("response.output_text.delta", {
          item_id: "m",
          output_index: 0,
          content_index: 0,
          delta: "You asked",
        });
        if (input[0].content.includes("slowly")) await held;
        const content = [{ type: "output_text", text, annotations: [] }];
        send("response.completed", response("completed", [{ type: "message", role: "assistant", content }]));
      },
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    letGo: () => letGo(),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

describe.skipIf(!executablePath)("responses of a socket on the page", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => await browser?.close());

  test("each is a row that grows; the socket's own row and detail hold them, in both languages", async () => {
    await using upstream = responsesUpstream();
    await using program = await startProgram(["--target-url", upstream.url]);
    const { page, context } = await newPage(browser);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(program.pageUrl);
    const socket = new WebSocket(`${program.proxyUrl.replace("http", "ws")}/v1/responses`);
    const done: string[] = [];
    socket.onmessage = ({ data }) => {
      const { type, response } = JSON.parse(String(data));
      if (type === "response.completed") done.push(response.id);
    };
    await new Promise((resolve) => (socket.onopen = resolve));
    const ask = (content: string, more: object = {}) =>
      socket.send(
        JSON.stringify({
          type: "response.create",
          model: "gpt-own",
          input: [{ role: "user", content }],
          ...more,
        }),
      );
    ask("warm", { generate: false });
    await until(() => done.length === 1);
    ask("Is it windy?", { previous_response_id: "resp_1" });
    await until(() => done.length === 2);
    ask("And slowly?", { previous_response_id: "resp_2" });

    // While the socket is open: two are over, the third grows, the socket counts them.
    await shows(page, "#list .row.is-socket", "3 responses");
    await shows(page, "#list .row.of-socket.is-ok >> nth=1", "You asked: Is it windy?");
    await shows(page, "#list .row.of-socket.is-flying", "And slowly?");
    await shows(page, "#list .row.of-socket.is-flying .answered", "You asked");
    await shows(page, "#list .row.of-socket >> nth=0", "prewarm (generate: false)");
    upstream.letGo();
    await until(() => done.length === 3);
    await shows(page, "#list .row.of-socket:not(.is-flying) >> nth=2", "You asked: And slowly?");

    // One of them is an exchange like any other, with the way to its socket and to its turns.
    await page.locator("#list .row.of-socket", { hasText: "Is it windy?" }).first().click();
    await shows(page, "#detail .answer", "You asked: Is it windy?");
    await shows(page, "#detail .facts", "response 2 of 3");
    await page.locator("#detail [data-panel-tab=stream]").click();
    await shows(page, "#detail .panel-stream", "response.output_text.delta");
    await page.locator("#detail .facts a", { hasText: "response 2 of 3" }).click();
    // The panel that somebody chose stays.
    await shows(page, "#detail h2", "/v1/responses");
    await page.locator("#detail article[data-state=streaming] [data-panel-tab=story]").click();
    await shows(page, "#detail .held", "Responses on this socket");
    expect(await page.locator("#detail .held li .asked").allTextContents()).toEqual([
      "prewarm (generate: false)",
      "Is it windy?",
      "And slowly?",
    ]);
    await page.locator("#detail .held li a").last().click();
    await shows(page, "#detail .answer", "You asked: And slowly?");

    // By filter, and in Chinese.
    await page.goto(`${program.pageUrl}/?q=is:socket&lang=zh`);
    await shows(page, "#list .row.is-socket", "3 个响应");
    await counts(page, "#list .row.of-socket:not([hidden])", 0);
    socket.close();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
