/** The bucket at an address: `s3://bucket/prefix?endpoint=http://…&region=…`, with the keys that the environment has. */
import { S3Client } from "bun";
import { type S3Bodies, s3Bodies } from "./s3.ts";

/** What is null is Bun's own affair: it knows the same variables. */
export type Keys = {
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
  readonly sessionToken: string | null;
  readonly region: string | null;
  readonly endpoint: string | null;
};

export function bucketAt(address: string, keys: Keys): S3Bodies {
  const [, bucket = "", path = "", query = ""] = /^s3:\/\/([^/?#]+)\/?([^?#]*)\??(.*)$/.exec(address) ?? [];
  const asked = new URLSearchParams(query);
  const said = {
    ...keys,
    endpoint: asked.get("endpoint") ?? keys.endpoint,
    region: asked.get("region") ?? keys.region,
  };
  const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
  const client = new S3Client({ bucket, ...known });
  return s3Bodies(client, { prefix: path === "" ? "" : `${path.replace(/\/+$/, "")}/` });
}
