import { expect, test } from "bun:test";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
            { name: "before.json", bytes: new Uint8Array(9) },
            { name: `${id}.json`, bytes },
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

test("what an index names is opened where our files are, and nowhere else", async () => {
  const { logs, close } = folder("files");
  writeFileSync(join(logs, "secret"), "not for the page");
  mkdirSync(join(logs, "other"));
  writeFileSync(join(logs, "other/a.json"), "not for the page");
  symlinkSync(join(logs, "secret"), join(logs, "llm_proxy/link.json"));
  const named = [
    "secret",
    "../secret",
    "other/a.json",
    "llm_proxy/../secret",
    "llm_proxy/../other/a.json",
    "mcp_x/../secret.jsonl",
    join(logs, "secret"),
    "llm_proxy/link.json",
    "llm_proxy/packed/../../secret.json.zst#0",
    "llm_proxy/packed",
  ];
  const key = { of: "exchange", id: "a" } as const;
  expect(await Promise.all(named.map((path) => fileBodies(logs, () => path).get(key)))).toEqual(
    named.map(() => null),
  );
  await close();
});
