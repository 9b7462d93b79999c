/** The script as it is run, against a registry on this machine that answers one of the ways, or none. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const BULK = "/-/npm/v1/security/advisories/bulk";
const QUICK = "/-/npm/v1/security/audits/quick";
const hole = {
  id: 1,
  name: "elysia",
  module_name: "elysia",
  url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
  title: "it listens",
  severity: "high",
  vulnerable_versions: "*",
};

async function audited(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  await using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      return pathname in answers ? Response.json(answers[pathname]) : new Response("no", { status: 405 });
    },
  });
  const registry = `http://127.0.0.1:${server.port}/`;
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "audit.ts")], {
    env: { ...process.env, BUN_CONFIG_REGISTRY: registry, NPM_CONFIG_REGISTRY: registry },
    stdout: "pipe",
    stderr: "inherit",
  });
  const said = await new Response(child.stdout).text();
  return { said, code: await child.exited, asked };
}

test("where the registry answers, its advisories fail the audit, and none pass it", async () => {
  const found = await audited({ [BULK]: { elysia: [hole] } });
  expect([found.code, found.asked]).toEqual([1, [BULK]]);
  expect(found.said).toContain("it listens");
  const none = await audited({ [BULK]: {} });
  expect([none.code, none.said]).toEqual([0, "audit: no known hole in any package\n"]);
});

test("where it answers an older way alone, that one counts", async () => {
  const found = await audited({ [QUICK]: { advisories: { 1: hole } } });
  expect([found.code, found.said]).toEqual([
    1,
    "audit: packages with known holes:\nelysia (high): it listens https://github.com/advisories/GHSA-aaaa-bbbb-cccc\n",
  ]);
});

test("where it answers none, that nothing was checked is said, with what each of them answered", async () => {
  const { code, said, asked } = await audited({});
  expect([code, asked.length]).toEqual([0, 4]);
  expect(said).toStartWith("audit: not checked, the registry gave no advisories");
  expect(said.match(/405/g)?.length).toBe(4);
});
