/** What is offered to be recorded is what there is. */
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foundHere } from "./here.ts";
import type { Places } from "../config/environment.ts";

test("agents that are installed, and hosts whose file is there, each with its one command", () => {
  const home = mkdtempSync(join(tmpdir(), "here-"));
  try {
    mkdirSync(join(home, ".cursor"));
    writeFileSync(join(home, ".cursor", "mcp.json"), "{}");
    const places = {
      platform: "linux",
      home,
      cwd: home,
      appData: join(home, "app"),
      config: join(home, ".config"),
      codex: join(home, ".codex"),
    } as Places;
    const found = foundHere(places, (program) => (program === "codex" ? "/bin/codex" : null));
    expect(found).toEqual([
      { title: "Codex", command: "bun run run -- codex" },
      { title: "Cursor", command: "bun run wire cursor" },
    ]);
  } finally {
    rmSync(home, { recursive: true });
  }
});
