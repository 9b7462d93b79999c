/**
 * The first characters of a text as a text of its own. A slice keeps all of what it was cut from in memory (JavaScriptCore
 * makes it a view): 3,000 notes of 300 characters of 60 KB answers held 400 MB.
 */
export function beginningOf(text: string, length: number): string {
  return text.length <= length ? text : (JSON.parse(JSON.stringify(text.slice(0, length))) as string);
}
