/** Every example of `examples/` runs as its README says, and what it did is on the page. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getJson, root, startProgram, until, type Program } from "./program.ts";

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

const readme = readFileSync(join(root, "examples", "README.md"), "utf8");
const commands = [...readme.matchAll(/`bun (examples\/[\w-]+\.ts)`/g)].map(([, file]) => file!);

test("the README names the examples", () => expect(commands.length).toBeGreaterThanOrEqual(4));

for (const file of commands)
  test(`${file} talks through the proxy`, async () => {
    const before = await exchanges();
    const child = Bun.spawn([process.execPath, "--no-env-file", join(root, file)], {
      env: { PATH: process.env["PATH"] ?? "", PROXY_URL: program.proxyUrl, LOG_DIR: program.logDir },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [said, complained] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    expect({ code: await child.exited, complained }).toEqual({ code: 0, complained: "" });
    expect(said.trim().length).toBeGreaterThan(20);
    await until(async () => (await exchanges()) > before);
  });

async function exchanges(): Promise<number> {
  return (await getJson(`${program.pageUrl}/api/status`)).exchanges as number;
}
