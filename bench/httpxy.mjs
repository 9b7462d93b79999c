/** Node's httpxy as its documentation shows it. `node httpxy.mjs PORT UPSTREAM_PORT` */
import { Agent, createServer } from "node:http";
import { createProxyServer } from "httpxy";

const [port, upstream] = process.argv.slice(2).map(Number);
const proxy = createProxyServer({ agent: new Agent({ keepAlive: true, maxSockets: 1024 }) });

createServer((request, response) => {
  proxy.web(request, response, { target: `http://127.0.0.1:${upstream}` }).catch(() => response.destroy());
}).listen(port, "127.0.0.1");
