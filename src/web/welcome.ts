/** The empty page is the tutorial: see it work, point a program here, record MCP servers. */
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import type { View } from "./view.ts";

export function welcome({ t, sources, status }: View): Html {
  const { proxyUrl, defaultUpstream, upstreams, logDir, masked } = sources.about;
  const url = proxyUrl ?? "http://127.0.0.1:8000";
  const target = upstreams.find(({ name }) => name === defaultUpstream)?.url ?? defaultUpstream;
  const all = snippets(url, t("welcome.no-key"));
  const { here = [] } = sources;
  const { exchanges, waiting, in_flight } = status;
  const isFirst = exchanges + waiting + in_flight === 0;
  return html`<div class="welcome" id="welcome">
    <h2>${isFirst ? t("welcome.title") : t("welcome.again")}</h2>
    <p class="lead">
      ${proxyUrl ? html`${t("welcome.listens")} <code>${url}</code> ${t("welcome.sends")} <code>${target}</code>` : t("welcome.no-proxy")}
    </p>
    <ol>
      ${
        sources.runDemo !== undefined &&
        html`<li>
          <h3>${t("welcome.demo")}</h3>
          <p>${t("welcome.demo.why")}</p>
          <button class="button primary" data-do="demo" disabled>
            ${icon("play")} ${t("welcome.demo.run")}
          </button>
        </li>`
      }
      <li>
        <h3>${t("welcome.point")}</h3>
        <div class="snippets" data-island="tabs">
          <div role="tablist" aria-label="${t("welcome.point")}">
            ${all.map(([name], n) => html`<button role="tab" id="snip-tab-${n}" aria-controls="snip-${n}" aria-selected="${n === 0 ? "true" : "false"}" tabindex="${n === 0 ? 0 : -1}">${name}</button>`)}
          </div>
          ${all.map(
            ([, code], n) =>
              html`<div
                role="tabpanel"
                id="snip-${n}"
                aria-labelledby="snip-tab-${n}"
                ${n > 0 && html`hidden`}
              >
                <pre class="code" tabindex="0">${code}</pre>
                <button class="button" data-do="copy-before">${icon("copy")} ${t("ui.copy")}</button>
              </div>`,
          )}
        </div>
        ${isFirst && html`<p class="waiting"><i></i>${t("welcome.waiting")}</p>`}
        ${here.length > 0 && html`<p>${t("welcome.here")}</p>`}
        ${
          here.length > 0 &&
          html`<dl class="here">
            ${here.map(
              ({ title, command }) =>
                html`<dt>${title}</dt>
                  <dd><code>${command}</code></dd>`,
            )}
          </dl>`
        }
      </li>
      <li>
        <h3>${t("welcome.mcp")}</h3>
        <p>${t("welcome.mcp.why")}</p>
        <pre class="code" tabindex="0">
bun run tap --name weather -- bun src/mcp/weather.ts
bun run wire</pre>
      </li>
    </ol>
    <p class="promise">
      ${t("welcome.kept")} <code>${logDir}</code> ·
      ${masked && html`${t("status.masked")} · `}${t("welcome.local")} ·
      <a href="/learn">${t("lessons.title")}</a>
    </p>
  </div>`;
}

/** The same where there is no session yet: over all panes, since they have nothing to show. */
export function mcpWelcome({ t, sources: { here = [], runDemo } }: View): Html {
  return html`<div class="welcome" id="welcome">
    <h2>${t("mcp.none")}</h2>
    <p class="lead">${t("welcome.mcp.lead")}</p>
    <ol>
      <li>
        <h3>${t("welcome.mcp.host")}</h3>
        <p>${t("welcome.mcp.host.why")}</p>
        ${
          here.length > 0
            ? html`<dl class="here">
                ${here.map(
                  ({ title, command }) =>
                    html`<dt>${title}</dt>
                      <dd><code>${command}</code></dd>`,
                )}
              </dl>`
            : html`<pre class="code" tabindex="0">bun run wire</pre>`
        }
      </li>
      <li>
        <h3>${t("welcome.mcp.one")}</h3>
        <p>${t("welcome.mcp.one.why")}</p>
        <pre class="code" tabindex="0">bun run tap --name weather -- bun src/mcp/weather.ts</pre>
        <button class="button" data-do="copy-before">${icon("copy")} ${t("ui.copy")}</button>
      </li>
      ${
        runDemo !== undefined &&
        html`<li>
          <h3>${t("welcome.demo")}</h3>
          <p>${t("welcome.demo.why")}</p>
          <a class="button primary" href="/?welcome">${icon("play")} ${t("welcome.again")}</a>
        </li>`
      }
    </ol>
    <p class="promise"><a href="/learn/handshake">${t("lessons.title")}</a></p>
  </div>`;
}

function snippets(url: string, noKey: string): [name: string, code: string][] {
  return [
    [
      `curl, ${noKey}`,
      `curl -N ${url}/@demo/v1/chat/completions \\
  -H "content-type: application/json" \\
  -d '{"model":"demo","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
    ],
    [
      "curl",
      `curl ${url}/v1/chat/completions \\
  -H "authorization: Bearer $OPENROUTER_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model":"openai/gpt-4o-mini","stream":true,
       "messages":[{"role":"user","content":"Hello"}]}'`,
    ],
    [
      "Python",
      `from openai import OpenAI

client = OpenAI(base_url="${url}/v1")            # the default upstream
client = OpenAI(base_url="${url}/@openai/v1")    # or one by its name`,
    ],
    [
      "TypeScript",
      `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${url}/v1" });          // the default upstream
const other = new OpenAI({ baseURL: "${url}/@openai/v1" });   // or one by its name`,
    ],
    ["Claude Code", `ANTHROPIC_BASE_URL=${url}/@anthropic claude`],
    ["Codex", `OPENAI_BASE_URL=${url}/@openai/v1 codex`],
  ];
}
