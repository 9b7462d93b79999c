// Starts the islands of the view that the server rendered; a view's scripts are loaded with that view.
import { startControls } from "./controls.js";
import { startStatus } from "./status.js";
import { startTerms } from "./terms.js";

const views = {
  llm: async () => (await import("./llm.js")).startLlm(),
  mcp: async () => (await import("./mcp.js")).startMcp(),
};
const screen = await views[document.querySelector("main.view").dataset.view]();

startControls(screen);
startStatus();
startTerms();
