/** The recorders of a team's store in the status line: how many wait, and in a table how each does. */
import type { RecorderLine } from "../fact/recorder-state.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icons.ts";
import type { T } from "./language.ts";

/** Who has said nothing for this long is away; clocks that are this far apart mix up an order. */
const SILENT_MS = 30_000;
const SKEW_MS = 60_000;

export function recordersLine(t: T, recorders: readonly RecorderLine[]): Html {
  if (recorders.length === 0) return html`<span class="wide">${t("status.recorders.none")}</span>`;
  const waiting = recorders.reduce((sum, { backlog }) => sum + backlog, 0);
  const isWrong = recorders.some(isTroubled);
  return html`<details class="popup" name="popup">
    <summary ${isWrong && html`class="warn"`}>
      ${isWrong && icon("warn")} ${t("status.recorders", { n: recorders.length })}
      ${waiting > 0 && html`· ${t("status.recorders.waiting", { n: waiting })}`}
    </summary>
    <table>
      <tr>
        <th>${t("recorders.name")}</th>
        <th>${t("recorders.backlog")}</th>
        <th>${t("recorders.lag")}</th>
        <th>${t("recorders.errors")}</th>
        <th>${t("recorders.aside")}</th>
        <th>${t("recorders.silent")}</th>
      </tr>
      ${recorders.map((line) => rowOf(t, line))}
    </table>
  </details>`;
}

function isTroubled({ trouble, silent_ms, skew_ms }: RecorderLine): boolean {
  return trouble !== null || silent_ms > SILENT_MS || Math.abs(skew_ms) > SKEW_MS;
}

function rowOf(t: T, line: RecorderLine): Html {
  const { recorder, user, project, backlog, lag_ms, errors, held, refused, silent_ms, skew_ms, trouble } =
    line;
  const ago = (ms: number) => t("recorders.ago", { s: Math.round(ms / 1000) });
  return html`<tr ${isTroubled(line) && html`class="warn"`}>
    <td>
      ${[recorder, user, project].filter(Boolean).join(" · ")} ${trouble && html`<br />${trouble}`}
      ${Math.abs(skew_ms) > SKEW_MS && html`<br />${t("recorders.skew", { s: Math.round(skew_ms / 1000) })}`}
    </td>
    <td>${backlog}</td>
    <td>${backlog > 0 && ago(lag_ms)}</td>
    <td>${errors}</td>
    <td>${held + refused}</td>
    <td>${ago(silent_ms)}</td>
  </tr>`;
}
