/** Nothing goes to another place than the agent would have asked without us. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { person } from "./person.testkit.ts";

const asked: string[] = [];
const gateway = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    asked.push(`${new URL(request.url).pathname} ${request.headers.get("authorization") ?? ""}`.trim());
    return Response.json({ ok: true });
  },
});
afterAll(() => gateway.stop(true));
const GATE = `http://127.0.0.1:${gateway.port}`;

/** As dotenv does it: the environment wins. */
const DOTENV = `
import { existsSync, readFileSync } from "node:fs"; import { parseEnv } from "node:util"; import { join } from "node:path";
const { HOME } = process.env; const cwd = process.cwd(); const words = process.argv.slice(2);
const read = (path) => { if (existsSync(path)) for (const [k, v] of Object.entries(parseEnv(readFileSync(path, "utf8")))) process.env[k] ||= v; };
const json = (path) => existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
const ask = (base, path) => fetch(base + path, { method: "POST", body: "{}", headers: { authorization: "Bearer " + process.env.KEY } });
`;

const AGENTS = {
  "dotenv-app": `${DOTENV} read(join(cwd, ".env")); await ask(process.env.OPENAI_BASE_URL ?? "http://127.0.0.1:1", "/chat/completions");`,
  qwen: `${DOTENV} read(join(HOME, ".qwen", ".env")); await ask(process.env.OPENAI_BASE_URL ?? json(join(HOME, ".qwen", "settings.json")).security.auth.baseUrl, "/chat/completions");`,
  gemini: `${DOTENV} read(join(HOME, ".gemini", ".env")); await ask(process.env.GOOGLE_GEMINI_BASE_URL, "/v1beta/models/m:generateContent");`,
  opencode: `${DOTENV} const own = JSON.parse(process.env.OPENCODE_CONFIG_CONTENT ?? "{}").provider?.openai?.options?.baseURL; await ask(own ?? process.env.OPENAI_BASE_URL, "/responses");`,
  claude: `${DOTENV} const at = words.lastIndexOf("--settings");
    const all = [json(join(HOME, ".claude", "settings.json")), json(join(cwd, ".claude", "settings.json")), json(join(cwd, ".claude", "settings.local.json")), at === -1 ? {} : JSON.parse(words[at + 1])];
    for (const { env } of all) Object.assign(process.env, env);
    await ask(process.env.ANTHROPIC_BASE_URL, "/v1/messages");`,
};

type Case = {
  files?: Record<string, string>;
  command: string[];
  env?: Record<string, string>;
};

/** What the gateway was asked with the gateway's key, how many exchanges are recorded, and what was said. */
async function play({ files = {}, command, env = {} }: Case) {
  asked.length = 0;
  const me = person(files, AGENTS);
  const run = me.run(command, { KEY: "gateways", ...env });
  const said = await run.stderr.text();
  await run.exited;
  const folder = join(me.logDir, "llm_proxy");
  return { asked: [...asked], recorded: existsSync(folder) ? readdirSync(folder).length : 0, said };
}

const APP = `await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST", body: "{}", headers: { authorization: "Bearer gateways" } });`;

describe.skipIf(process.platform === "win32")("an address in a file is asked, through us", () => {
  test.each<[string, string, Case]>([
    [
      "a program of Bun's with a .env",
      "/co/v1/chat/completions",
      {
        files: { "work/.env": `OPENAI_BASE_URL=${GATE}/co/v1`, "work/app.ts": APP },
        command: ["bun", "app.ts"],
      },
    ],
    [
      "of Bun's files the one that counts most",
      "/local/v1/chat/completions",
      {
        files: {
          "work/.env": `OPENAI_BASE_URL=${GATE}/co/v1`,
          "work/.env.local": `OPENAI_BASE_URL="${GATE}/local/v1" # mine`,
          "work/app.ts": APP,
        },
        command: ["bun", "run", "app.ts"],
      },
    ],
    [
      "a file that the words name",
      "/named/v1/chat/completions",
      {
        files: {
          "work/.env": `OPENAI_BASE_URL=${GATE}/co/v1`,
          "work/other.env": `OPENAI_BASE_URL=${GATE}/named/v1`,
          "work/app.ts": APP,
        },
        command: ["bun", "--env-file=other.env", "app.ts"],
      },
    ],
    [
      "OpenCode's variable",
      "/gw/v1/responses",
      { command: ["opencode", "run", "hi"], env: { OPENAI_BASE_URL: `${GATE}/gw/v1` } },
    ],
    [
      "Qwen Code's ~/.qwen/.env",
      "/qw/v1/chat/completions",
      { files: { ".qwen/.env": `OPENAI_BASE_URL=${GATE}/qw/v1` }, command: ["qwen", "-p", "hi"] },
    ],
    [
      "Qwen Code's settings",
      "/set/v1/chat/completions",
      {
        files: { ".qwen/settings.json": `{"security":{"auth":{"baseUrl":"${GATE}/set/v1"}}}` },
        command: ["qwen", "-p", "hi"],
      },
    ],
    [
      "Gemini CLI's ~/.gemini/.env in a folder that is trusted",
      "/gm/v1beta/models/m:generateContent",
      {
        files: {
          ".gemini/.env": `GOOGLE_GEMINI_BASE_URL=${GATE}/gm`,
          ".gemini/trustedFolders.json": '{"CWD":"TRUST_FOLDER"}',
        },
        command: ["gemini", "-p", "hi"],
      },
    ],
    [
      "Claude Code's settings of the user",
      "/cl/v1/messages",
      {
        files: { ".claude/settings.json": `{"env":{"ANTHROPIC_BASE_URL":"${GATE}/cl"}}` },
        command: ["claude", "-p", "hi"],
        env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:1/never" },
      },
    ],
    [
      "Claude Code's settings of the folder before the user's",
      "/here/v1/messages",
      {
        files: {
          ".claude/settings.json": `{"env":{"ANTHROPIC_BASE_URL":"${GATE}/cl"}}`,
          "work/.claude/settings.local.json": `{ // mine
            "env": { "ANTHROPIC_BASE_URL": "${GATE}/here" } }`.replace("// mine", ""),
        },
        command: ["claude", "-p", "hi"],
      },
    ],
  ])("%s: %s", async (_, path, story) => {
    const { asked, recorded, said } = await play(story);
    expect([asked, recorded]).toEqual([[`${path} Bearer gateways`], 1]);
    expect(said).toContain("\n1 exchange\n");
  });
});

describe.skipIf(process.platform === "win32")(
  "where nobody knows what the agent reads, it is left alone, and that is said twice",
  () => {
    test.each<[string, string, string, Case]>([
      [
        "a program that may read .env",
        "/co/v1/chat/completions",
        "OPENAI_BASE_URL stands in ",
        { files: { "work/.env": `OPENAI_BASE_URL=${GATE}/co/v1` }, command: ["dotenv-app"] },
      ],
      [
        "Gemini CLI in a folder of which the user has not said that it is trusted",
        "/gm/v1beta/models/m:generateContent",
        "counts once you trust this folder",
        { files: { ".gemini/.env": `GOOGLE_GEMINI_BASE_URL=${GATE}/gm` }, command: ["gemini", "-p", "hi"] },
      ],
      [
        "Claude Code with settings in its words",
        "/cl/v1/messages",
        "beside your own --settings ours would not count",
        {
          files: { ".claude/settings.json": `{"env":{"ANTHROPIC_BASE_URL":"${GATE}/cl"}}` },
          command: ["claude", "-p", "hi", "--settings", "{}"],
        },
      ],
    ])("%s: %s", async (_, path, why, story) => {
      const { asked, recorded, said } = await play(story);
      expect([asked, recorded]).toEqual([[`${path} Bearer gateways`], 0]);
      expect(said.split(why)).toHaveLength(3);
      expect(said).toMatch(new RegExp(`^0 exchanges; .*${why}`, "m"));
    });
  },
);

test.skipIf(process.platform === "win32")(
  "a run that recorded nothing says so, and what is likely",
  async () => {
    const { said } = await play({ command: ["true"] });
    expect(said).toMatch(/^0 exchanges; the program asked none of the addresses/m);
  },
);
