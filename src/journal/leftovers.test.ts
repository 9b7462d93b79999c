/** Whose spool files are whose: those of the living are left alone, those of the dead are found, whatever their number says. */
import { expect, test } from "bun:test";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { claim, clearDrafts, giants, leftovers } from "./leftovers.ts";
import { stateOf } from "./owner.ts";

const host = hostname().replaceAll(/[^A-Za-z0-9.-]/g, "-");

function folder() {
  const path = mkdtempSync(join(tmpdir(), "leftovers-"));
  const spool = join(path, "spool");
  mkdirSync(spool);
  return {
    path,
    spool,
    file(name: string, secondsAgo = 0) {
      const file = join(spool, name);
      writeFileSync(file, "x");
      const then = new Date(Date.now() - secondsAgo * 1000);
      utimesSync(file, then, then);
      return file;
    },
    names: () => readdirSync(spool).sort(),
    found: () =>
      leftovers(path, "mine")
        .flat()
        .map((file) => basename(file)),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A process that holds the file open, or none; its own number is known. */
async function running(...held: string[]) {
  const script = `${held.map((_, n) => `exec ${n + 3}<"$${n + 1}"`).join("; ") || ":"}; echo up; exec sleep 1000`;
  const process = Bun.spawn(["sh", "-c", script, "sh", ...held], { stdout: "pipe" });
  await process.stdout.getReader().read();
  return { pid: process.pid, [Symbol.dispose]: () => process.kill("SIGKILL") };
}

test.if(process.platform === "linux")(
  "a living program's files are left alone however long they were not touched; a reused number's are not",
  async () => {
    using logs = folder();
    const unnamed = logs.file("unnamed");
    using other = await running(unnamed);
    const name = `${host}_${other.pid}_life_000000.facts`;
    linkSync(unnamed, join(logs.spool, name));
    utimesSync(join(logs.spool, name), 1, 1);
    expect(logs.found()).toEqual([]);
    // The number is that of a process which has other things open: the one that wrote the file is gone.
    const reused = `${host}_${other.pid}_before_000000.facts`;
    logs.file(reused);
    expect(logs.found()).toEqual([reused]);
  },
);

test.if(process.platform === "linux")("what has ended and was not taken leave of is dead", async () => {
  using logs = folder();
  // A shell that turns into something which never asks for its children; before that it would.
  const script = "exec 3<&0; cat <&3 >/dev/null & echo $!; exec sleep 1000";
  const parent = Bun.spawn(["sh", "-c", script], { stdin: "pipe", stdout: "pipe" });
  const { value } = await parent.stdout.getReader().read();
  const zombie = Number(new TextDecoder().decode(value));
  while (readFileSync(`/proc/${parent.pid}/comm`, "utf8") !== "sleep\n") await Bun.sleep(5);
  parent.stdin.end();
  while (stateOf(zombie) !== "dead") await Bun.sleep(5);
  expect(() => process.kill(zombie, 0)).not.toThrow();
  logs.file(`${host}_${zombie}_life_000000.facts`);
  expect(logs.found()).toHaveLength(1);
  parent.kill("SIGKILL");
});

test("of another machine the last touch decides, and of a number that nobody has nothing else", () => {
  using logs = folder();
  logs.file("elsewhere_1_a_000000.facts");
  logs.file("elsewhere_1_b_000000.facts", 20);
  logs.file(`${host}_4194999_c_000000.facts`);
  logs.file(`${host}_${process.pid}_mine_000000.facts`, 100);
  logs.file(`${host}_${process.pid}_earlier_000000.facts`);
  expect(logs.found().sort()).toEqual(
    [
      "elsewhere_1_b_000000.facts",
      `${host}_4194999_c_000000.facts`,
      `${host}_${process.pid}_earlier_000000.facts`,
    ].sort(),
  );
});

test("what is no file of its own is left alone, and what is larger than any spool is named", () => {
  using logs = folder();
  const target = logs.file("target");
  symlinkSync(target, join(logs.spool, "x_1_link_000000.facts"));
  mkdirSync(join(logs.spool, "x_1_folder_000000.facts"));
  Bun.spawnSync(["mkfifo", join(logs.spool, "x_1_fifo_000000.facts")]);
  truncateSync(logs.file("x_1_giant_000000.facts", 100), 2 * 1024 ** 3);
  logs.file("odd.facts", 100);
  expect(logs.found()).toEqual(["odd.facts"]);
  expect(giants(logs.path)).toEqual(["x_1_giant_000000.facts"]);
});

test("of two programs that find the same, one gets it; what it does not finish is found again, in order", () => {
  using logs = folder();
  const names = ["000000", "000001"].map((n) => `${host}_4194999_c_${n}.facts`);
  for (const name of names) logs.file(name);
  const [paths] = leftovers(logs.path, "mine") as [string[]];
  const mine = claim(paths, "mine");
  const late = claim(paths, "other");
  expect([mine.files.length, late.files.length]).toEqual([2, 0]);
  mine.release();
  const again = leftovers(logs.path, "mine");
  expect(again.map((files) => files.map((file) => file.slice(-12)))).toEqual([
    ["000000.facts", "000001.facts"],
  ]);
  claim(again[0]!, "mine").done();
  expect(logs.names()).toEqual([]);
});

test("drafts of a killed program are taken away, those of one that may still write are not", () => {
  using logs = folder();
  const draft = (name: string, seconds: number) => {
    const path = join(logs.path, "spool", name);
    writeFileSync(path, "half a fi");
    utimesSync(path, seconds, seconds);
  };
  rmSync(logs.spool, { recursive: true });
  clearDrafts(logs.path);
  mkdirSync(logs.spool);
  draft("old.json.1.tmp", 1);
  draft("new.json.2.tmp", Date.now() / 1000);
  draft("old.facts", 1);
  clearDrafts(logs.path);
  expect(logs.names()).toEqual(["new.json.2.tmp", "old.facts"]);
});
