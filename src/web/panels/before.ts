/** This request against the one that it continues, and why the provider's cache did or did not have it. */
import { cacheSaid } from "../cache-said.ts";
import { cacheMiss, type Side } from "../../read/run/cache-miss.ts";
import { isSameRequest, requestDiff, type RequestDiff } from "../../read/run/request-diff.ts";
import { count } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

/** Changes of one kind that are listed, and characters of a changed text. */
const MOST_CHANGES = 20;
const SHOWN_CHARS = 1_200;

export async function before(view: View, seen: Seen): Promise<Html | false> {
  const { t, lang, sources, see } = view;
  const parent = (await sources.index.exchange(seen.exchange.id))?.parent ?? null;
  const earlier = parent === null ? null : await see(parent);
  const diff = earlier && requestDiff(earlier.reading, seen.reading);
  const { read, written, hit, provider, ours } = cacheMiss(earlier && sideOf(earlier), sideOf(seen), diff);
  const isKnown = hit !== "unknown" || provider !== null;
  if (!diff && !isKnown) return false;
  const numbers = { n: count(read, lang), m: count(written, lang) };
  return html`<section class="against">
    ${
      isKnown &&
      html`<h3>${t("cache.title")}</h3>
        <p class="cache-${hit}">
          ${t(`cache.${hit}`, numbers)}${written !== null && written > 0 && html` ${t("cache.written", numbers)}`}
        </p>
        ${provider && html`<p>${t("cache.provider")} <code>${provider.reason}</code></p>`}
        ${ours && html`<p>${t("cache.ours")} ${t(`cache.why.${ours.reason}`)} <small>${cacheSaid(view, ours.what)}</small></p>`}`
    }
    ${
      diff &&
      parent !== null &&
      html`<h3>
          ${t("diff.title")}
          <a class="turn-link" href="/llm/${parent}" data-do="turn" data-to="${parent}"
            >${t("detail.turn.prev")}</a
          >
        </h3>
        ${isSameRequest(diff) ? html`<p>${t("diff.same")}</p>` : changes(view, diff)}`
    }
  </section>`;
}

/** What differs, as a list. */
export function changes({ t }: View, { model, settings, system, tools, messages }: RequestDiff): Html {
  const line = (what: string, how: string) =>
    html`<li class="is-${how}"><b>${t(`diff.${how as "added"}`)}</b> ${what}</li>`;
  return html`<ul class="changes">
      ${model && html`<li class="is-changed"><b>${t("detail.model")}</b> <del>${model.before}</del> <ins>${model.after}</ins></li>`}
      ${settings.slice(0, MOST_CHANGES).map(({ where, kind, before: was, after }) => html`<li class="is-${kind}"><b>${where.replace("$.", "")}</b> <del>${brief(was)}</del> <ins>${brief(after)}</ins></li>`)}
      ${tools.slice(0, MOST_CHANGES).map(({ name, kind }) => line(`${t("ledger.kind.tools")}: ${name}`, kind))}
      <li class="is-kept"><b>${t("diff.kept", { n: messages.kept })}</b></li>
      ${messages.changes.slice(0, MOST_CHANGES).map(
        ({ kind, role, place, text }) =>
          html`<li class="is-${kind}">
            <b>${t(`diff.${kind}`)}</b> ${place + 1} ${role}
            <span
              >${stretches(
                kind === "changed"
                  ? text
                  : [
                      {
                        kind: "same",
                        text: text
                          .map((it) => it.text)
                          .join("")
                          .slice(0, 160),
                      },
                    ],
              )}</span
            >
          </li>`,
      )}
    </ul>
    ${
      system &&
      html`<h4>${t("role.system")}</h4>
        <pre class="code" tabindex="0">${stretches(system)}</pre>`
    }`;
}

export function stretches(all: readonly { kind: string; text: string }[]): Html[] {
  let left = SHOWN_CHARS;
  return all.flatMap(({ kind, text }) => {
    if (left <= 0) return [];
    // What stayed is context: its ends are enough.
    const shown =
      kind === "same" && text.length > 200
        ? `${text.slice(0, 90)} … ${text.slice(-90)}`
        : text.slice(0, left);
    left -= shown.length;
    return kind === "gone"
      ? html`<del>${shown}</del>`
      : kind === "new"
        ? html`<ins>${shown}</ins>`
        : html`${shown}`;
  });
}

function brief(value: unknown): string {
  return value === undefined ? "" : (JSON.stringify(value) ?? "").slice(0, 200);
}

export function sideOf({ reading, exchange, look }: Seen): Side {
  return { reading, at: exchange.at, request: look.glimpse.requestBody, answer: look.message };
}
