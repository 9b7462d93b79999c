/** Every panel on every recording: none fails, and none of them makes more than text of what was recorded. */
import { expect, test } from "bun:test";
import { believable } from "../../test/believable.ts";
import { createWeb } from "./app.ts";
import { dangers } from "./hostile.testkit.ts";
import { translator } from "./language.ts";

async function get(path: string): Promise<{ status: number; text: string }> {
  const app = await createWeb(believable().sources);
  const answer = await app.handle(new Request(`http://localhost${path}`, { headers: { host: "localhost" } }));
  return { status: answer.status, text: await answer.text() };
}

test("every dialect with recordings is listed, and each of its recordings is drawn whole", async () => {
  const { text } = await get("/-/panels");
  const dialects = [...text.matchAll(/href="\/-\/panels\/([\w.-]+)"/g)].map(([, name]) => name);
  expect(dialects.length).toBeGreaterThan(20);
  for (const lang of ["en", "zh"] as const)
    for (const name of dialects) {
      const page = await get(`/-/panels/${name}?lang=${lang}`);
      expect([name, page.status, dangers(page.text)]).toEqual([name, 200, []]);
      expect(page.text).toContain('<section class="kept">');
      expect(page.text).not.toContain(translator(lang)("part.undrawable", { why: "\n" }).split("\n")[0]);
    }
});
