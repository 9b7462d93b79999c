/** A bucket of the tests' own: the part of S3 that bodies need, over real sockets, with faults on demand. */

export type Bucket = {
  readonly url: string;
  readonly objects: Map<string, Uint8Array>;
  /** What every request is answered with instead, until it is null. */
  fault: null | { status: number } | { stall: Promise<void> };
  requests: { method: string; key: string }[];
  client(): Bun.S3Client;
  stop(): void;
};

export function bucket(): Bucket {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const url = new URL(request.url);
      const key = decodeURIComponent(url.pathname.slice("/team/".length));
      self.requests.push({ method: request.method, key });
      const { fault } = self;
      if (fault && "stall" in fault) await fault.stall;
      else if (fault) return failure(fault.status, "InternalError");
      switch (request.method) {
        case "PUT":
          self.objects.set(key, await request.bytes());
          return new Response(null, { headers: { etag: '"1"' } });
        case "DELETE":
          self.objects.delete(key);
          return new Response(null, { status: 204 });
        default:
          return key === "" ? list(url.searchParams) : object(key);
      }
    },
  });

  function object(key: string): Response {
    const bytes = self.objects.get(key);
    return bytes ? new Response(bytes as Uint8Array<ArrayBuffer>) : failure(404, "NoSuchKey");
  }

  /** Two keys a page, so that pages are turned. */
  function list(asked: URLSearchParams): Response {
    const [prefix, after] = [asked.get("prefix") ?? "", asked.get("start-after") ?? ""];
    const keys = [...self.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const contents = keys
      .slice(0, 2)
      .map((key) => `<Contents><Key>${key.replaceAll("&", "&amp;")}</Key><Size>1</Size></Contents>`);
    const answer = `<IsTruncated>${keys.length > 2}</IsTruncated><KeyCount>${contents.length}</KeyCount>${contents.join("")}`;
    return xml(200, `<ListBucketResult><Name>team</Name>${answer}</ListBucketResult>`);
  }

  const self: Bucket = {
    url: `http://127.0.0.1:${server.port}`,
    objects: new Map(),
    fault: null,
    requests: [],
    client: () =>
      new Bun.S3Client({
        endpoint: self.url,
        bucket: "team",
        accessKeyId: "a",
        secretAccessKey: "b",
        region: "us-east-1",
      }),
    stop: () => void server.stop(true),
  };
  return self;
}

function failure(status: number, code: string): Response {
  return xml(status, `<Error><Code>${code}</Code><Message>as asked</Message></Error>`);
}

function xml(status: number, text: string): Response {
  return new Response(`<?xml version="1.0"?>${text}`, {
    status,
    headers: { "content-type": "application/xml" },
  });
}
