import { expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const cli = join(import.meta.dir, "../cli.ts");

async function pack(logs: string, ...args: string[]) {
  const program = Bun.spawn([process.execPath, cli, "pack", "--log-dir", logs, ...args], { stderr: "pipe" });
  const [said, complained] = await Promise.all([program.stdout.text(), program.stderr.text()]);
  return { said, complained, code: await program.exited };
}

test("old exchanges are packed, young ones stay, and a wrong age is said", async () => {
  const logs = fs.mkdtempSync(join(tmpdir(), "pack-command-"));
  fs.mkdirSync(join(logs, "llm_proxy"));
  for (const name of ["old.json", "young.json"])
    fs.writeFileSync(join(logs, "llm_proxy", name), "{}\n".repeat(100));
  fs.utimesSync(join(logs, "llm_proxy/old.json"), 1, 1);
  expect((await pack(logs, "--older-than", "2h")).said).toContain("packed 1 exchanges into 1 files");
  expect((await pack(logs)).said).toContain("nothing in");
  expect(fs.readdirSync(join(logs, "llm_proxy")).sort()).toEqual(["packed", "young.json"]);
  const wrong = await pack(logs, "--older-than=soon");
  expect([wrong.code, wrong.complained]).toEqual([
    1,
    '--older-than is "soon": give an age such as 12h or 7d\n',
  ]);
  fs.rmSync(logs, { recursive: true });
});
