/**
 * What every kind of wire promises, said over real sockets to a raw client and a raw upstream. A kind's test is a call
 * of this suite with the rig that stands for it.
 */
import { describe } from "bun:test";
import { bodies } from "./contract/bodies.ts";
import { connections } from "./contract/connections.ts";
import { endings } from "./contract/endings.ts";
import { heads } from "./contract/heads.ts";
import { pressure } from "./contract/pressure.ts";
import { refusals } from "./contract/refusals.ts";
import { createRig, type RigOptions } from "./rig.ts";

/** `megabytes`: how much passes at once in the test of large bodies. */
export function wireContract(kind: string, options: RigOptions, megabytes = 4): void {
  const rig = () => createRig(options);
  describe(kind, () => {
    heads(rig);
    bodies(rig, megabytes);
    connections(rig);
    pressure(rig);
    endings(rig);
    refusals(rig);
  });
}
