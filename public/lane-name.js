// Who does a step, in a word.
import { t } from "./words.js";

/** @param {string} lane */
export function laneName(lane) {
  if (lane === "user" || lane === "main" || lane === "host" || lane === "provider")
    return t(`run.lane.${lane}`);
  return lane.startsWith("server ") ? lane.slice(7) : t("run.lane.agent", { name: lane.slice(0, 12) });
}
