/** The upstream of the benchmark: a small JSON answer, or a stream whose chunks say when they left. Prints its port. */
const small = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "mock",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello there." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
});
const CHUNKS = 50;
const EVERY_MS = 5;
const encoder = new TextEncoder();

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  maxRequestBodySize: 64 * 1024 * 1024,
  async fetch(request) {
    await request.arrayBuffer();
    if (!request.url.endsWith("/stream"))
      return new Response(small, { headers: { "content-type": "application/json" } });
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (let n = 0; n < CHUNKS; n++) {
          if (n > 0) await Bun.sleep(EVERY_MS);
          controller.enqueue(
            encoder.encode(`data: {"sent":${performance.timeOrigin + performance.now()}}\n\n`),
          );
        }
        controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  },
});
process.stdout.write(`http://127.0.0.1:${server.port}\n`);
