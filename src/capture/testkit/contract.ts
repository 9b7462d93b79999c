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
import { promises, type Deviations } from "./deviations.ts";
import { createRig, type RigOptions } from "./rig.ts";

/** `megabytes`: how much passes at once in the test of large bodies. `deviations`: what this kind cannot promise, and why. */
export function wireContract(
  kind: string,
  options: RigOptions,
  megabytes = 4,
  deviations: Deviations = {},
): void {
  const rig = () => createRig(options);
  const { promise, every } = promises(deviations);
  describe(kind, () => {
    heads(promise, rig);
    bodies(promise, rig, megabytes);
    connections(promise, rig);
    pressure(promise, rig);
    endings(promise, rig);
    refusals(promise, rig);
    every();
  });
}
