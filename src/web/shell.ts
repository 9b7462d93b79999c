/** The frame around every view: header with tabs, the view, the status line. */
import { html, type Html } from "./html.ts";
import { icon, sprite } from "./icons.ts";
import { islandWords } from "./language.ts";
import { saidIn } from "./two-sayings.ts";
import { recordersLine } from "./recorders.ts";
import { HTMX, importsOf } from "./shared-modules.ts";
import { styleLinks } from "./styles.ts";
import type { View } from "./view.ts";
import { warningIn } from "./warnings.ts";
import { count, ms } from "../shown/numbers.ts";

export type Place = {
  readonly tab: "runs" | "llm" | "mcp" | "learn";
  readonly title: string;
  readonly address: string;
  /** The script of the view, `public/NAME.js`; absent where it has none of its own. */
  readonly script?: "llm" | "mcp" | "runs" | "run";
};

/** What the scripts import is asked for at once: found one behind the other, each would wait for the one before it. */
function early(script: Place["script"]): Html[] {
  const known = asked.get(script) ?? importsOf("app", ...(script ? [script] : [])).slice(1);
  asked.set(script, known);
  return known.map((path) => html`<link rel="modulepreload" href="${path}" />`);
}

const asked = new Map<Place["script"], string[]>();

export function shell(view: View, { tab, title, address, script }: Place, main: Html): Html {
  const { t, lang, sources, status } = view;
  const { exchanges, sessions, waiting, in_flight } = status;
  const other = lang === "en" ? "zh" : "en";
  const here = new URL(address, "http://page");
  here.searchParams.set("lang", other);
  return html`<!doctype html>
    <html lang="${lang === "zh" ? "zh-CN" : "en"}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content='{"history":false,"includeIndicatorCSS":false}' />
        <title>${title}</title>
        <script src="/public/theme.js"></script>
        ${styleLinks()}
        <link rel="icon" type="image/svg+xml" href="/public/icon.svg" />
        ${early(script)}
        <script type="module" src="/public/app.js"></script>
        <script defer src="${HTMX}"></script>
      </head>
      <body data-tab="${tab}" data-lang="${lang}" data-words="${JSON.stringify(islandWords(lang))}">
        ${sprite()}
        <a class="skip" href="${SKIP_TO[tab]}">${t("shell.skip")}</a>
        <header class="bar">
          <a class="brand" href="/" aria-label="MCP Proxy Logger"
            >${icon("logo")}<span>MCP Proxy Logger</span></a
          >
          <nav class="tabs" aria-label="${t("shell.views")}">
            <a href="/runs" ${current(tab === "runs")}>${t("shell.runs")}</a>
            <a href="/" ${current(tab === "llm")}
              >${t("shell.llm")}
              <b data-count="exchanges">${count(exchanges + waiting + in_flight, lang)}</b></a
            >
            <a href="/mcp" ${current(tab === "mcp")}
              >${t("shell.mcp")} <b data-count="sessions">${count(sessions, lang)}</b></a
            >
            <a class="learn-tab" href="/learn" ${current(tab === "learn")}>${t("lessons.title")}</a>
          </nav>
          <span class="grow"></span>
          <span class="live" data-live="connecting" role="status"
            ><i></i><span>${t("ui.live.connecting")}</span></span
          >
          <button
            class="button quiet"
            data-do="pause"
            aria-pressed="false"
            title="${t("help.pause")} (p)"
            aria-label="${t("help.pause")}"
          >
            <span class="when-live">${icon("pause")}</span><span class="when-paused">${icon("play")}</span>
          </button>
          <button
            class="button quiet"
            data-do="palette"
            title="${t("palette.open")} (Ctrl K, ⌘ K)"
            aria-label="${t("palette.open")}"
            aria-haspopup="dialog"
          >
            ${icon("command")}
          </button>
          <a
            class="button quiet"
            href="${here.pathname + here.search}"
            hreflang="${other}"
            data-lang-switch
            title="${t("shell.language")}"
            ><span lang="${other === "zh" ? "zh-CN" : "en"}">${other === "zh" ? "中文" : "EN"}</span></a
          >
          <button
            class="button quiet"
            data-do="theme"
            title="${t("shell.theme")}"
            aria-label="${t("shell.theme")}"
          >
            <span data-theme-icon="system">${icon("system")}</span
            ><span data-theme-icon="light">${icon("light")}</span
            ><span data-theme-icon="dark">${icon("dark")}</span>
          </button>
          <button
            class="button quiet learn-switch"
            data-do="learn"
            aria-pressed="false"
            title="${t("help.learn")} (l)"
            aria-label="${t("learn.title")}"
          >
            ${icon("learn")}
          </button>
          <button
            class="button quiet"
            data-do="help"
            title="${t("shell.help")} (?)"
            aria-label="${t("shell.help")}"
          >
            ${icon("help")}
          </button>
        </header>
        <div
          id="feed"
          hx-ws:connect="/ws?since=${sources.feed.seq()}&amp;frames=together"
          hx-target="#toasts"
          hx-swap="beforeend"
          hx-config='{"ws":{"reconnectMaxDelay":5000}}'
        ></div>
        ${main}
        <footer class="bar">${statusLine(view)}</footer>
        <div id="term" popover="manual" role="note"></div>
        <div id="toasts" role="alert"></div>
        <div id="announce" class="unseen" role="status"></div>
        ${help(view)}
      </body>
    </html>`;
}

/** Numbers about ourselves. Redrawn by the feed's `status` frames. */
export function statusLine({ t, lang, sources, status }: View): Html {
  const { exchanges, sessions, in_flight, backlog, added, warnings, unreadable, recorders } = status;
  const { proxyUrl, defaultUpstream, upstreams, logDir, masked, version } = sources.about;
  const said = warnings.map((warning) => warningIn(lang, warning));
  const unread = `${t("status.unreadable", { n: unreadable.length })} ${unreadable[0]?.path}`;
  const first = said[0] ?? (unreadable.length > 0 ? unread : null);
  const more = said.length + unreadable.length - 1;
  return html`<div id="status" hx-get="/status" hx-trigger="refresh" hx-swap="outerHTML">
    ${
      first !== null &&
      html`<details class="popup notes" name="popup">
        <summary class="warn">${icon("warn")} ${more > 0 && html`<b>${more + 1}</b> `}${first}</summary>
        <ul>
          ${said.map((warning) => html`<li>${warning}</li>`)}
          ${
            unreadable.length > 0 &&
            html`<li>
              ${t("status.unreadable", { n: unreadable.length })}
              <ul>
                ${unreadable.map(({ path, why }) => html`<li><code>${path}</code> ${saidIn(lang, why)}</li>`)}
              </ul>
            </li>`
          }
        </ul>
      </details>`
    }
    ${
      proxyUrl === null
        ? html`<span>${t("status.no-proxy")}</span>`
        : html`<details class="popup" name="popup">
            <summary title="${t("status.upstreams")}">
              ${t("status.proxy")} <code>${proxyUrl}</code> ${icon("right")} ${nameOf(sources.about)}
            </summary>
            <table>
              ${upstreams.map(({ name, url }) => upstreamRow(proxyUrl, name, url, defaultUpstream))}
              <tr>
                <td><code>${proxyUrl}/@demo</code></td>
                <td>${icon("right")} ${t("status.demo")}</td>
              </tr>
            </table>
          </details>`
    }
    ${recorders && recordersLine(t, recorders)}
    <span class="wide"
      >${t("status.kept", { n: exchanges, n_: count(exchanges, lang), m: sessions, m_: count(sessions, lang) })}</span
    >
    ${in_flight > 0 && html`<span class="wide">${t("status.flying", { n: in_flight })}</span>`}
    ${
      added &&
      html`<span class="wide" title="${t("status.adds.why", { n: added.n, n_: count(added.n, lang) })}"
        >${t("status.adds", { p50: ms(added.p50_ms), p99: ms(added.p99_ms) })}</span
      >`
    }
    ${backlog > 0 && html`<span class="wide">${t("status.backlog", { n: backlog })}</span>`}
    <span class="wide"><code>${logDir}</code></span>
    ${masked && html`<span class="wide">${t("status.masked")}</span>`}
    <span class="grow"></span>
    <span class="wide hint"
      ><kbd>j</kbd><kbd>k</kbd> ${t("status.move")} <kbd>/</kbd> ${t("status.filter")}
      <kbd>f</kbd> ${t("status.follow")} <kbd>?</kbd> ${t("status.keys")}</span
    >
    <span class="wide">${version}</span>
  </div>`;
}

/** Without a name of its own it is called by its address. */
function nameOf({ defaultUpstream, upstreams }: View["sources"]["about"]): string {
  const found = defaultUpstream === "default" && upstreams.find(({ name }) => name === "default");
  return found ? found.url : defaultUpstream;
}

/** The address to use, and where it leads; the default has its own name's address too. */
function upstreamRow(proxyUrl: string, name: string, url: string, defaultUpstream: string): Html {
  const isDefault = name === defaultUpstream;
  return html`<tr ${isDefault && html`class="chosen"`}>
    <td>
      ${isDefault && html`<code>${proxyUrl}</code>`}
      ${name !== "default" && html`<code>${isDefault ? "" : proxyUrl}/@${name}</code>`}
    </td>
    <td>${icon("right")} <code>${url}</code></td>
  </tr>`;
}

/** Each view's own beginning. */
const SKIP_TO = { runs: "#list", llm: "#list", mcp: "#sessions", learn: "#lesson" } as const;

function current(yes: boolean): Html | false {
  return yes && html`aria-current="page"`;
}

function help({ t }: View): Html {
  const keys: [string, string][] = [
    ["j k ↓ ↑", t("help.move")],
    ["Home End g_g G", t("help.ends")],
    ["Enter", t("help.open")],
    ["Esc", t("help.back")],
    ["1 … 4", t("help.panels")],
    ["c t u r", t("help.letters")],
    ["← → Space", t("help.play")],
    ["/", t("help.filter")],
    ["n N", t("help.hits")],
    ["Alt+click", t("help.cell")],
    ["f", t("help.follow")],
    ["p", t("help.pause")],
    ["g_r g_l g_m", t("help.tabs")],
    ["v", t("help.view")],
    ["o", t("overview.fold")],
    ["[ ]", t("help.turns")],
    ["x d", t("help.compare")],
    ["s", t("help.star")],
    ["Del", t("help.trash")],
    ["m", t("help.across")],
    ["e", t("help.expand")],
    ["y", t("help.copy")],
    ["y_c y_h y_p y_t y_j", t("help.copy-as")],
    ["l", t("help.learn")],
    ["Ctrl+K", t("palette.open")],
    ["F6", t("help.regions")],
    ["?", t("help.help")],
  ];
  return html`<dialog id="help" aria-labelledby="help-title">
    <form method="dialog">
      <h2 id="help-title">${t("help.title")}</h2>
      <button class="button quiet" aria-label="${t("help.close")}">${icon("err")}</button>
    </form>
    <dl>
      ${keys.map(
        ([key, what]) =>
          html`<dt>
              ${key
                .split(" ")
                .filter(Boolean)
                .map((one) => html`<kbd>${one.replace("_", " ")}</kbd> `)}
            </dt>
            <dd>${what}</dd>`,
      )}
    </dl>
    <label class="check"><input type="checkbox" data-setting="keys" checked /> ${t("help.single")}</label>
    <p>
      <a href="/?welcome">${t("help.welcome")}</a> ·
      <a href="/api/openapi.json">${t("help.api")}</a>
    </p>
  </dialog>`;
}
