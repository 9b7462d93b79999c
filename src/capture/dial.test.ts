import { expect, test } from "bun:test";
import { dial } from "./dial.ts";
import { createNetwork } from "./network.ts";

test("a name that turns out to mean this machine is not dialled for one who may not ask there", async () => {
  using listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const network = createNetwork({ http: null, https: null, no: [] }, false);
  const tried = (elsewhere: boolean) =>
    new Promise<string>((resolve) => {
      const address = { protocol: "http:", host: "localhost", port: listener.port } as const;
      dial(elsewhere ? { ...address, elsewhere } : address, network, "http/1.1", {
        open: (wire) => {
          wire.end();
          resolve("open");
        },
        failed: (code) => resolve(code),
        data() {},
        drain() {},
        end() {},
        close() {},
      });
    });
  expect([await tried(false), await tried(true)]).toEqual(["open", "ELOCAL"]);
});
