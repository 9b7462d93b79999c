/** Reads an exposition back, by the grammar of the text format and of nothing else: what it cannot read is a failure. */

export type Sample = {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly value: number;
};

export function readExposition(text: string): { samples: Sample[]; types: Map<string, string> } {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  for (const line of text.slice(0, -1).split("\n")) {
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram)$/.exec(line);
    if (type) types.set(type[1]!, type[2]!);
    else if (!/^# (HELP|UNIT) [a-zA-Z_:][\w:]* .*$|^# EOF$/.test(line)) samples.push(sampleOf(line));
  }
  return { samples, types };
}

function sampleOf(line: string): Sample {
  const name = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0];
  if (!name) throw new Error(`no sample: ${JSON.stringify(line)}`);
  let at = name.length;
  const labels: Record<string, string> = {};
  if (line[at] === "{") {
    at++;
    while (line[at] !== "}") {
      const pair = /^([a-zA-Z_]\w*)="((?:[^"\\]|\\[\\"n])*)"(,?)/.exec(line.slice(at));
      if (!pair || pair[1]! in labels) throw new Error(`no label at ${at}: ${JSON.stringify(line)}`);
      labels[pair[1]!] = pair[2]!.replaceAll(/\\(.)/g, (_, sign) => (sign === "n" ? "\n" : sign));
      at += pair[0].length;
    }
    at++;
  }
  const value = /^ (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/.exec(line.slice(at))?.[1];
  if (value === undefined) throw new Error(`no value: ${JSON.stringify(line)}`);
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}
