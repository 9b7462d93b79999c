/** Before every test file. A time-out is for a test that hangs, not for a machine that is slow. */
import { setDefaultTimeout } from "bun:test";

setDefaultTimeout(180_000);
