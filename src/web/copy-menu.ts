/** The request as a command or a program: what `src/read/copy-as` writes, to be copied. Keys stand in the environment. */
import { targetsFor } from "../read/copy-as/targets.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import type { Seen } from "./readings.ts";
import type { View } from "./view.ts";

export function copyMenu({ t }: View, { exchange, look }: Seen): Html | false {
  const targets = targetsFor(exchange, look.glimpse.requestBody);
  if (targets.length === 0) return false;
  return html`<details class="popup copy-as" name="popup">
    <summary title="${t("copy-as.why")}">
      ${icon("copy")} <span class="wide">${t("copy-as.title")}</span>
    </summary>
    <ul>
      ${targets.map(({ name, title }) => html`<li><button class="button quiet" data-copy-text="/llm/${exchange.id}/as/${name}">${title}</button></li>`)}
      <li class="empty">${t("copy-as.why")}</li>
    </ul>
  </details>`;
}
