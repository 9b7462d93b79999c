/** Whether Gemini CLI, and Qwen Code after it, trusts a folder: only then do its files count. */
import { dirname, join } from "node:path";
import { upwards } from "./env-files.ts";
import { object, settingsIn } from "./help.ts";

/**
 * `asked`: the user has not said yet. `home` is the agent's folder of settings; `usual` is whether folders have to be
 * trusted where the settings do not say.
 */
export function isTrusted(
  settings: Record<string, unknown>,
  home: string,
  cwd: string,
  usual: "on" | "off",
): "yes" | "no" | "asked" {
  const enabled = object(object(settings["security"])["folderTrust"])["enabled"] ?? usual === "on";
  if (enabled !== true) return "yes";
  const said = settingsIn(join(home, "trustedFolders.json"));
  for (const folder of upwards(cwd)) {
    const word = said[folder];
    if (word === "DO_NOT_TRUST" && folder === cwd) return "no";
    if (word === "TRUST_FOLDER") return "yes";
  }
  // Trusted by a neighbour: the folder above the one that was named.
  return Object.entries(said).some(
    ([folder, word]) => word === "TRUST_PARENT" && upwards(cwd).includes(dirname(folder)),
  )
    ? "yes"
    : "asked";
}
