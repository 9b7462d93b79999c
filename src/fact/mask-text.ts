/**
 * Masks credentials in text of which nothing is known: lines of a pipe, messages, arguments of a command. Finds keys
 * by the prefixes that their makers gave them, by `Bearer`, and JSON members whose name says what they are. JSON stays
 * JSON. What looks like nothing (`hunter2` in a sentence) is not found.
 */

/** `secret` makes the mask of one credential. */
export function maskText(text: string, secret: (credential: string) => string): string {
  if (!WORTH_A_LOOK.test(text)) return text;
  return text
    .replace(MEMBER, (_, name: string, value: string) => name + plain(secret(value)))
    .replace(BEARER, (_, scheme: string, value: string) => scheme + plain(secret(value)))
    .replace(KEY, (value) => plain(secret(value)))
    .replace(PASSWORD_IN_URL, (_, before: string, value: string) => before + plain(secret(value)));
}

const KEY =
  /\b(?:sk-(?:or-v1-|ant-|proj-|svcacct-)?[\w-]{20,}|gsk_\w{20,}|xai-\w{20,}|pplx-\w{20,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|hf_\w{20,}|r8_\w{20,}|gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*)/g;
/** Not the parameters of a challenge (RFC 6750 3, RFC 9728 5.1): those say where to get a token. */
const BEARER =
  /\b((?:Bearer|Basic)\s+)(?!(?:resource_metadata|error_description|error_uri|authorization_uri)=)([\w.~+/=-]{16,})/gi;
/** The value ends before the quote that ends it; an escaped quote inside belongs to it. */
const MEMBER =
  /("(?:[\w-]*(?:api|access|secret|private|subscription)[_-]?key|(?:access|refresh|auth|bearer|id|api)[_-]?token|token|[\w-]*secret|password|(?:proxy[_-])?authorization|cookie|mcp-session-id)"\s*:\s*")((?:[^"\\]|\\.)+)/gi;
const PASSWORD_IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/[^/@:?#\s"]*:)([^/@?#\s"]+)(?=@)/gi;
const WORTH_A_LOOK =
  /sk-|gsk_|xai-|pplx-|AIza|ya29\.|hf_|r8_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|eyJ|bearer|basic\s|key"|token"|secret"|password"|authorization"|cookie"|session-id"|:\/\/[^/@\s"]*:[^/@\s"]*@/i;

/** Inside a JSON string the mask must not end the string. */
function plain(mask: string): string {
  return mask.replaceAll(/["\\]/g, "*");
}
