/**
 * The first look: a table says where a name may have ended or a key begun (`:`, `=`, `>`, the last sign of a form), and
 * what stands in front of such a place says whether it is worth a closer one.
 */
import {
  APOSTROPHE,
  B,
  BACKSLASH,
  BLANK,
  CLOSES_TAG,
  COLON,
  COMMA,
  DASH,
  DIGIT,
  EQUALS,
  QUOTE,
  SEMICOLON,
  SLASH,
  TAB,
} from "./chars.ts";
import { mayBeJar, mayBePassword } from "./columns.ts";
import { isCoded } from "./coded.ts";
import { mayCloseATag, mayEndAnEntity } from "./entities.ts";
import { anchorOf, FORMS, mayBeForm } from "./forms.ts";
import { endsEscaped } from "./members.ts";
import { maySwitch } from "./options.ts";
import { mayFollowAName } from "./name-ends.ts";
import { isShort } from "./short-options.ts";

const [P, T, BAR] = [112, 116, 124];
const ANCHORS = new Uint8Array(256);
const [OF_FORMS, OF_NAMES, DASH_OF_FORMS, OF_SCHEMES] = [1, 2, 4, 8];
for (const form of FORMS) ANCHORS[form.starts.charCodeAt(anchorOf(form))] = OF_FORMS;
for (const byte of [COLON, EQUALS, CLOSES_TAG, SEMICOLON, COMMA, APOSTROPHE, BAR, TAB])
  ANCHORS[byte] = OF_NAMES;
ANCHORS[DASH] = DASH_OF_FORMS;
ANCHORS[B] = OF_SCHEMES;

/** The next place before `stop` that is worth a closer look; `stop` where there is none. Most bytes are none, and most of the rest cannot be one for what stands in front of them. */
export function nextAnchor(bytes: Uint8Array, from: number, stop: number, end: number): number {
  const anchors = ANCHORS;
  let at = from;
  for (;;) {
    // Four at a time: this is where nearly all of the time goes.
    while (
      at + 4 <= stop &&
      (anchors[bytes[at]!]! |
        anchors[bytes[at + 1]!]! |
        anchors[bytes[at + 2]!]! |
        anchors[bytes[at + 3]!]!) ===
        0
    )
      at += 4;
    while (at < stop && anchors[bytes[at]!] === 0) at++;
    if (at >= stop) return stop;
    const byte = bytes[at]!;
    switch (anchors[byte]) {
      case OF_FORMS:
        if (mayBeForm(bytes, at)) return at;
        if (byte === P ? mayBePassword(bytes, at, end) : byte === T && mayBeJar(bytes, at)) return at;
        break;
      case OF_NAMES:
        if (mayBeNamed(bytes, at, byte, end)) return at;
        break;
      case DASH_OF_FORMS:
        if ((at > 0 && bytes[at - 1] === DASH) || isShort(bytes, at, end) || mayBeForm(bytes, at)) return at;
        if (maySwitch(bytes, at)) return at;
        break;
      default:
        return at;
    }
    at++;
  }
}

const [LETTER_A, LETTER_E, CLOSES_INDEX] = [65, 101, 93];

/** A first look at what stands in front of a sign that may part a name from its value. */
function mayBeNamed(bytes: Uint8Array, at: number, byte: number, end: number): boolean {
  const front = bytes[at - 1];
  switch (byte) {
    case COLON:
      if (front === SEMICOLON) return mayEndAnEntity(bytes, at);
      return mayFollowAName(bytes, at) || isAddress(bytes, at, end) || endsEscaped(bytes, at);
    case EQUALS:
      if (front === LETTER_E || front === (LETTER_E & ~32) || front === CLOSES_INDEX || front === BLANK)
        return true;
      return isCoded(bytes, at, end) || mayFollowAName(bytes, at);
    case CLOSES_TAG:
      return front === QUOTE || front === BACKSLASH || front === APOSTROPHE || mayFollowAName(bytes, at);
    case SEMICOLON:
      return mayCloseATag(bytes, at);
    case BAR:
      return mayFollowAName(bytes, at);
    case TAB:
      return mayBeJar(bytes, at);
    case COMMA:
      return (front === QUOTE || front === APOSTROPHE) && mayFollowAName(bytes, at);
    default:
      return front === BLANK && mayFollowAName(bytes, at);
  }
}

/** `://`, as far as it has come, or the number of a bot in front of its token. */
function isAddress(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at + 1] === LETTER_A && DIGIT[bytes[at - 1]!] === 1) return true;
  if (at + 1 >= end || bytes[at + 1] === BACKSLASH) return true;
  return bytes[at + 1] === SLASH && (at + 2 >= end || bytes[at + 2] === SLASH);
}
