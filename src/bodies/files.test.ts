import { expect, test } from "bun:test";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePack } from "../journal/pack-file.ts";
import { bodiesContract, type OpenedBodies } from "./contract.testkit.ts";
import { fileBodies } from "./files.ts";

/** Written as the journal does; `how` says where an exchange goes. */
function folder(how: "files" | "packs"): OpenedBodies & { readonly logs: string } {
  const logs = mkdtempSync(join(tmpdir(), "bodies-"));
  mkdirSync(join(logs, "llm_proxy/packed"), { recursive: true });
  mkdirSync(join(logs, "mcp_x"));
  const paths = new Map<string, string>();
  return {
    logs,
    bodies: fileBodies(logs, ({ of, id }) => paths.get(of + id) ?? null),
    writer: {
      put({ of, id }, bytes) {
        const isPacked = of === "exchange" && how === "packs";
        const path =
          of === "session"
            ? `mcp_x/${id}.jsonl`
            : isPacked
              ? `llm_proxy/packed/${id}.json.zst`
              : `llm_proxy/${id}.json`;
        if (isPacked) {
          const file = openSync(join(logs, path), "w");
          writePack(file, [
            { name: "before", bytes: new Uint8Array(9) },
            { name: id, bytes },
          ]);
          closeSync(file);
        } else writeFileSync(join(logs, path), bytes);
        paths.set(of + id, isPacked ? `${path}#1` : path);
      },
    },
    close: () => rmSync(logs, { recursive: true }),
  };
}

bodiesContract("bodies in files", () => folder("files"));
bodiesContract("bodies in packs", () => folder("packs"));

test("a file that was deleted since is nothing, and no failure", async () => {
  const { bodies, writer, logs, close } = folder("files");
  const key = { of: "exchange", id: "a" } as const;
  await writer.put(key, new Uint8Array(3));
  rmSync(join(logs, "llm_proxy"), { recursive: true });
  expect([await bodies.get(key), await bodies.range(key, 0, 2)]).toEqual([null, null]);
  await close();
});
