import { expect, test } from "bun:test";
import { serverName } from "./server-name.ts";

test("a shell's script is a command too", () => {
  expect(serverName(["sh", "-c", "npx -y mcp-server-git"])).toBe("git");
});

test.each([
  ["npx -y @modelcontextprotocol/server-filesystem@2026.1.1 /tmp", "filesystem"],
  ["bun src/mcp/weather.ts", "weather"],
  ["node /home/me/notes-mcp/dist/index.js", "notes"],
  ["uvx mcp-server-git --repository .", "git"],
  ["python -m mcp_server_time", "time"],
  ["uv --directory /srv/weather run server.py", "weather"],
  ["docker run -i --rm -e TOKEN=x ghcr.io/github/github-mcp-server:latest", "github"],
  ["/usr/local/bin/things-server --verbose", "things"],
  ["C:\\tools\\files.exe", "files"],
  ["cat", "cat"],
  ["env A=1 node server.js", "node"],
])("%s → %s", (command, name) => {
  expect(serverName(command.split(" "))).toBe(name);
});
