/** The forms that makers give to their keys: what one begins with, and what makes a whole one. */
import { ALNUM, DASH, DIGIT, RUN, WORD, chars, type Chars } from "./chars.ts";
import { LONGEST_KEY } from "./values.ts";

export type Form = {
  readonly starts: string;
  /** The characters behind the beginning. */
  readonly of: Chars;
  readonly whole: RegExp;
  /** What follows behind a dot: how it begins, its least length, and whether there is no key without it. */
  readonly dotted?: readonly { readonly starts: string; readonly least: number; readonly must: boolean }[];
  /** May stand by chance in the middle of base64, and then is none. */
  readonly base64?: true;
};

/** Sixteen letters and digits in a row with a digit, longer than any word; or capitals, small letters and digits mixed. */
const RANDOM =
  /^(?:(?=[\w-]*?(?=[A-Za-z]{0,15}\d)[A-Za-z0-9]{16})[\w-]+|(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=(?:\D*\d){3})[\w-]{20,})$/;
/** Behind a beginning that is nothing else: sixteen letters and digits in a row. */
const LONG = /^[\w-]*[A-Za-z0-9]{16}[\w-]*$/;
const HEX = /^[0-9a-f]{32}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BASE64 = chars(/[\w+/=-]/);
const PATH = chars(/[\w/-]/);

/** `starts` in one text, as they would stand in a list of words. */
const made = (whole: RegExp, starts: string, of = RUN): Form[] =>
  starts.split(" ").map((each) => ({ starts: each, of, whole }));

export const FORMS: readonly Form[] = [
  // Models and what stands in front of them.
  ...made(LONG, "sk-proj- sk-ant- sk-or-v1- sk-svcacct-"),
  ...made(
    RANDOM,
    "sk- sk_ sess- ek_ gsk_ csk- xai- hf_ pplx- nvapi- r8_ pa- fw_ tgp_v1_ rpa_ jina_ e2b_ dapi",
  ),
  ...made(RANDOM, "lsv2_pt_ lsv2_sk_ pcsk_ tvly- ctx7sk- bb_live_ apify_api_ phx_"),
  ...made(ID, "sk-lf- pat-na1- pat-eu1-"),
  ...made(HEX, "fc- key-"),
  // Where code lives.
  ...made(LONG, "github_pat_ ghp_ gho_ ghu_ ghs_ ghr_"),
  ...made(
    RANDOM,
    "glpat- glrt- gldt- glptt- npm_ pypi- rubygems_ dckr_pat_ sntrys_ figd_ lin_api_ lin_oauth_ ntn_ bkua_",
  ),
  // The beginning of a private key in base64, as a configuration of Kubernetes has it.
  ...made(
    /^[\w+/=]{40,}$/,
    "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt LS0tLS1CRUdJTiBQUklWQVRFIEtFWS LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZ",
    BASE64,
  ),
  // Where programs run, and what they pay with.
  ...made(
    RANDOM,
    "dop_v1_ doo_v1_ dor_v1_ tskey-auth- tskey-api- tskey-client- NRAK- dp.pt. dp.st. dp.sa. sbp_ sb_secret_ glsa_ nfp_ rnd_ pscale_tkn_ pscale_pw_ napi_ pul- GOCSPX- PMAK- pat_ re_",
  ),
  ...made(RANDOM, "sk_live_ sk_test_ rk_live_ rk_test_ shpat_ shpss_ AGE-SECRET-KEY- xkeysib-"),
  ...made(/^[\w=-]{60,}$/, "ATATT3xFfGF0 ATCTT3xFfGN0", BASE64),
  ...made(RANDOM, "whsec_", BASE64),
  // Where people talk.
  ...made(RANDOM, "xapp-"),
  ...made(/^[\w-]*\d[\w-]{8,}$/, "xoxa- xoxb- xoxe- xoxp- xoxr- xoxs-"),
  ...made(/^T\w{6,}\/B\w{6,}\/\w{16,}$/, "hooks.slack.com/services/", PATH),
  ...made(/^\d{10,}\/[\w-]{30,}$/, "discord.com/api/webhooks/", PATH),
  ...made(/^[\w-]{20,}$/, "ya29. ya29.c. hvs. hvb."),
  ...made(/^(?=[\w-]*\d)[\w-]{24,}$/, "AQ."),
  {
    starts: "SG.",
    of: RUN,
    whole: /^(?=[\w-]*\d)[\w-]{16,}$/,
    dotted: [{ starts: "", least: 16, must: false }],
  },
  { starts: "AIza", of: RUN, whole: /^[\w-]{35}$/, base64: true },
  { starts: "AKIA", of: ALNUM, whole: /^[A-Z0-9]{16}$/, base64: true },
  { starts: "ASIA", of: ALNUM, whole: /^[A-Z0-9]{16}$/, base64: true },
  { starts: "ABSK", of: BASE64, whole: /^(?=[A-Za-z]*\d)[\w+/=-]{24,}$/ },
  {
    starts: "eyJ",
    of: RUN,
    whole: /^[\w-]{8,}$/,
    dotted: [
      { starts: "eyJ", least: 11, must: true },
      { starts: "", least: 0, must: false },
    ],
    base64: true,
  },
];

/** Where in a beginning the search stops to look: a character that prose and base64 seldom have. */
export function anchorOf({ starts }: Form): number {
  const last = starts.length - 1;
  if (/[-_.]$/.test(starts)) return last;
  const dot = starts.indexOf(".");
  if (dot > 1) return dot;
  return (
    { AIza: 2, AKIA: 2, ASIA: 2, ABSK: 3, eyJ: 2, dapi: 2, ATATT3xFfGF0: 6, ATCTT3xFfGN0: 6 }[starts] ?? last
  );
}

/** By the sign that the search stops at and the two in front of it; the longest beginning first. */
const BY_ANCHOR = new Map<number, { readonly form: Form; readonly anchor: number }[]>();
/** One look instead of a map's for the many places that are none. */
const MAY_BE = new Uint8Array(1 << 15);
const hash = (a: number, b: number, c: number) => ((a & 31) << 10) | ((b & 31) << 5) | (c & 31);

for (const form of FORMS.toSorted((a, b) => b.starts.length - a.starts.length)) {
  const anchor = anchorOf(form);
  const [a, b, c] = [anchor - 2, anchor - 1, anchor].map((n) => form.starts.charCodeAt(n));
  const key = hash(a!, b!, c!);
  BY_ANCHOR.set(key, [...(BY_ANCHOR.get(key) ?? []), { form, anchor }]);
  MAY_BE[key] = 1;
}

export function mayBeForm(bytes: Uint8Array, at: number): boolean {
  return (
    at > 1 && MAY_BE[((bytes[at - 2]! & 31) << 10) | ((bytes[at - 1]! & 31) << 5) | (bytes[at]! & 31)] === 1
  );
}

export type Began = { readonly form: Form; readonly start: number };

/** The form whose beginning stands around `at`; `open` where the text ends before that is known. */
export function formAround(bytes: Uint8Array, at: number, end: number): Began | "open" | null {
  if (!mayBeForm(bytes, at)) return null;
  for (const { form, anchor } of BY_ANCHOR.get(hash(bytes[at - 2]!, bytes[at - 1]!, bytes[at]!))!) {
    const start = at - anchor;
    if (start < 0 || bytes[start] !== form.starts.charCodeAt(0) || isInside(bytes, start, form)) continue;
    let n = 0;
    while (n < form.starts.length && start + n < end && bytes[start + n] === form.starts.charCodeAt(n)) n++;
    if (n === form.starts.length) return { form, start };
    if (start + n === end) return "open";
  }
  return null;
}

/** It is the middle of something else. An escape (`\n`, `%3D`) in front of it is none. */
function isInside(bytes: Uint8Array, start: number, { base64, whole }: Form): boolean {
  if (start === 0) return false;
  const front = bytes[start - 1]!;
  // In binary messages a length stands in front of it.
  if (whole === LONG && DIGIT[front] === 1) return false;
  if (base64 && (front === 43 || front === 47)) return true;
  if (WORD[front] === 0 && front !== DASH) return false;
  if (start >= 2 && bytes[start - 2] === 92 && /[nrtbf]/.test(String.fromCharCode(front))) return false;
  return !(start >= 3 && bytes[start - 3] === 37);
}

/** Whether what stands behind the beginning makes a whole one; its dotted parts aside. */
export function isWhole({ whole }: Form, rest: string): boolean {
  return rest.length <= LONGEST_KEY && whole.test(rest);
}

/** What goes on like this behind a key is base64, and the key a part of it. */
export function isWithinBase64({ base64 }: Form, next: number | undefined): boolean {
  return base64 === true && (next === 43 || next === 47 || next === 61);
}
