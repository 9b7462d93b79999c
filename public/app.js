// Starts the islands of the view that the server rendered. All are imported here: a page has all of them or none.
import { startControls } from "./controls.js";
import { startLlm } from "./llm.js";
import { startMcp } from "./mcp.js";
import { startStatus } from "./status.js";
import { startTerms } from "./terms.js";

const views = { llm: startLlm, mcp: startMcp };
const screen = views[document.querySelector("main.view").dataset.view]();

startControls(screen);
startStatus();
startTerms();
