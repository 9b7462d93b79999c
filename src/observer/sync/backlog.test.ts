import { expect, test } from "bun:test";
import { createBacklog } from "./backlog.ts";

test("newest first, exchanges and sessions in turn, packs last, each once", () => {
  const backlog = createBacklog();
  backlog.add(["llm_proxy/2.json", "llm_proxy/packed/1.json.zst", "llm_proxy/1.json"]);
  backlog.add(["mcp_a/1.jsonl", "mcp_a/2.jsonl", "llm_proxy/notes.txt"]);
  backlog.add(["llm_proxy/3.json", "llm_proxy/2.json"]);
  expect(backlog.size()).toBe(7);
  expect(Array.from({ length: 8 }, () => backlog.next())).toEqual([
    "llm_proxy/3.json",
    "mcp_a/2.jsonl",
    "llm_proxy/2.json",
    "mcp_a/1.jsonl",
    "llm_proxy/1.json",
    "llm_proxy/notes.txt",
    "llm_proxy/packed/1.json.zst",
    undefined,
  ]);
});
