/** `bun test/pictures.ts`: the README's pictures in docs/, taken of the real page with the demo's real traffic. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch, newPage } from "./chromium.ts";
import { getJson, type Json, type Program, root, run, startProgram, until } from "./program.ts";

const browser = await launch();
await mkdir(join(root, "docs"), { recursive: true });
await takeIn("en", "How does a streamed answer work?", "");
await takeIn("zh", "流式回答是怎样工作的？", ".zh-CN");
await browser.close();

async function takeIn(language: "en" | "zh", question: string, ending: string): Promise<void> {
  await using program = await startProgram();
  await askEveryDialect(program, question);
  await run(["demo", language, "--log-dir", program.logDir]);
  const items = await until(async () => {
    const list: Json = await getJson(`${program.pageUrl}/api/exchanges`);
    return list.items.length === 10 && list.items;
  });
  const { id } = items[3]; // the answer that was made of the first tool's result
  const joined = await until(async () => {
    const list: Json = await getJson(`${program.pageUrl}/api/runs`);
    return list.items.find((one: Json) => one.tool_calls > 0 && one.state !== "model");
  });
  const { steps } = await getJson(`${program.pageUrl}/api/runs/${encodeURIComponent(joined.id)}`);
  const call = steps.find((step: Json) => step.kind === "tool");
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, context } = await newPage(browser, { colorScheme, viewport: { width: 1280, height: 720 } });
    await page.goto(`${program.pageUrl}/llm/${id}/stream?lang=${language}`);
    await page.getByText(program.logDir).evaluate((shown) => void (shown.textContent = "logs"));
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(root, "docs", `page-${colorScheme}${ending}.png`) });
    await page.goto(
      `${program.pageUrl}/run/${encodeURIComponent(joined.id)}?step=${encodeURIComponent(call.id)}`,
    );
    await page.getByText(program.logDir).evaluate((shown) => void (shown.textContent = "logs"));
    await page.locator("#list .rows .row", { hasText: "get_forecast" }).first().waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(root, "docs", `run-${colorScheme}${ending}.png`) });
    await context.close();
  }
}

async function askEveryDialect({ proxyUrl }: Program, content: string): Promise<void> {
  const messages = [{ role: "user", content }];
  await ask("/v1/responses", { model: "gpt-5-mini", stream: true, input: content });
  await ask("/v1/messages", { model: "claude-opus-5", max_tokens: 500, stream: true, messages });
  const contents = [{ role: "user", parts: [{ text: content }] }];
  await ask("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", { contents });
  await ask("/api/chat", { model: "llama3.2", messages });

  async function ask(path: string, body: object): Promise<void> {
    const headers = { "content-type": "application/json" };
    await (
      await fetch(`${proxyUrl}/@demo${path}`, { method: "POST", headers, body: JSON.stringify(body) })
    ).text();
  }
}
