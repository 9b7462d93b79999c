/** The page of hosts: from the captures at hand, what of a tool's result each lets the model see, and a step that proves it. */
import { type Host, hostSays, hostsOf, TREATED } from "../../read/run/hosts.ts";
import { runProblems } from "../../read/run/explain.ts";
import { count } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import type { Place } from "../shell.ts";
import type { View } from "../view.ts";
import type { Key } from "../words.ts";
import { share } from "./run-step.ts";

const LIKENESS = ["equal", "inside", "cut", "rewritten", "unrelated", "unknown"] as const;

export async function hosts(view: View, address: string) {
  const { t, sources } = view;
  const all = hostsOf(await sources.index.treated(TREATED));
  const place: Place = { tab: "runs", title: `${t("hosts.title")} · MCP Proxy Logger`, address };
  const main = html`<main class="view hosts" data-view="still">
    <header class="run-head">
      <a class="button quiet" href="/runs">${t("runs.back")}</a>
      <h1>${t("hosts.title")}</h1>
    </header>
    <div class="run-detail" id="list" tabindex="-1">
      <p class="why">${t("hosts.why")} <a href="/api/hosts">JSON</a></p>
      ${all.length === 0 && html`<p class="nothing">${t("hosts.none")} <a href="/?welcome">${t("runs.begin")}</a></p>`}
      ${all.map((host) => hostCard(view, host))}
    </div>
  </main>`;
  return { place, main, status: 200 };
}

/** Stands in the address: `/hosts#claude-code`. */
export function anchorOf(host: string): string {
  return host.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function hostCard(view: View, host: Host): Html {
  const { t, lang } = view;
  const shares = (title: Key, keys: readonly string[], counts: Record<string, number>, words: string) => {
    const shown = keys.filter((key) => counts[key]);
    return (
      shown.length > 0 &&
      html`<table class="context">
        <caption>
          ${t(title)}
        </caption>
        ${shown.map(
          (key) =>
            html`<tr>
              <th scope="row">${t(`${words}.${key}` as Key)}</th>
              <td class="num">${count(counts[key] ?? 0, lang)}</td>
              <td>${share(counts[key] ?? 0, host.calls)}</td>
            </tr>`,
        )}
      </table>`
    );
  };
  return html`<article
    class="host-card"
    id="${anchorOf(host.host)}"
    aria-labelledby="of-${anchorOf(host.host)}"
  >
    <h2 id="of-${anchorOf(host.host)}">${host.host} ${versionOf(host.versions)}</h2>
    <p class="says">${hostSays(host, lang)}</p>
    ${host.versions.length > 1 && html`<p class="why">${t("hosts.versions", { all: host.versions.join(", ") })}</p>`}
    <div class="host-shares">
      ${shares("hosts.form", ["content", "structured", "both", "neither", "unknown"], host.forms, "hosts.form")}
      ${shares("hosts.likeness", LIKENESS, host.likeness, "hosts.likeness")} ${media(view, host)}
    </div>
    ${rules(view, host)}
  </article>`;
}

/** `2.1.197` and `2.1.332` are 2.x. */
function versionOf(versions: readonly string[]): string {
  const [first, ...more] = versions;
  if (first === undefined || more.length === 0) return first ?? "";
  const majors = new Set(versions.map((version) => version.split(".")[0]));
  return majors.size === 1 ? `${first.split(".")[0]}.x` : "";
}

function media({ t, lang }: View, { media: { served, seen }, wrappers }: Host): Html | false {
  const names = Object.keys(wrappers);
  if (served === 0 && names.length === 0) return false;
  return html`<table class="context">
    <caption>
      ${t("hosts.rest")}
    </caption>
    ${
      served > 0 &&
      html`<tr>
        <th scope="row">${t("hosts.media")}</th>
        <td class="num">${t("hosts.of", { n: count(seen, lang), m: count(served, lang) })}</td>
        <td>${share(seen, served)}</td>
      </tr>`
    }
    ${names.map(
      (name) =>
        html`<tr>
          <th scope="row">${t("hosts.wrapped", { name })}</th>
          <td class="num">${count(wrappers[name] ?? 0, lang)}</td>
          <td></td>
        </tr>`,
    )}
  </table>`;
}

function rules({ t, lang }: View, { rules: found, calls }: Host): Html | false {
  return (
    found.length > 0 &&
    html`<ul class="host-rules">
      ${found.map(
        ({ rule, calls: n, run, step }) =>
          html`<li>
            <b>${t("hosts.of", { n: count(n, lang), m: count(calls, lang) })}</b>
            <code>${rule}</code>
            <a href="/run/${encodeURIComponent(run)}?step=${encodeURIComponent(step)}"
              >${t("hosts.example")}</a
            >
            <p class="why">${runProblems[rule]?.[lang] ?? t("run.problem")}</p>
          </li>`,
      )}
    </ul>`
  );
}
