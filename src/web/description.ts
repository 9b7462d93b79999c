/** `GET /api/openapi.json`: what the API takes and answers, put together when somebody asks for the first time. */
import { Elysia } from "elysia";

/** `info` is what it says of itself. */
export function descriptionRoute(info: { title: string; version: string; description: string }) {
  const routes = new Elysia({ detail: { hide: true } });
  let known: object | null = null;
  return routes.get("/api/openapi.json", async () => (known ??= await described()));

  async function described(): Promise<object> {
    const { toOpenAPISchema } = await import("@elysiajs/openapi");
    const { paths, components } = toOpenAPISchema(routes);
    return { openapi: "3.1.2", info, paths: asMethods(paths), components };
  }
}

/** OpenAPI knows methods of HTTP alone: a socket is opened by a GET that is answered with 101. */
function asMethods(paths: object): object {
  return Object.fromEntries(
    Object.entries(paths).map(([path, { ws, ...methods }]) => [path, ws ? { ...methods, get: ws } : methods]),
  );
}
