/** The model that only the path names: a deployment of Azure, and the APIs that keep it there or in the query. */

const PLACES: readonly RegExp[] = [
  /\/deployments\/([^/?]+)/,
  /\/models\/([^/:?]+(?:\/[^/:?]+)?):[a-zA-Z]+/,
  /\/model\/([^/?]+)\/(?:invoke|converse)/,
  /\/ai\/run\/([^?]+)/,
  /\/models\/([^/?]+\/[^/?]+)(?:\/v1|\/?$)/,
  /[?&](?:model|deployment)=([^&]+)/,
];

/** Null when the path names none. */
export function modelInPath(path: string): string | null {
  for (const place of PLACES) {
    const found = place.exec(path)?.[1];
    if (found !== undefined) return decoded(found);
  }
  return null;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
