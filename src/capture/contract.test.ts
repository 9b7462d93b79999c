import { wireContract } from "./testkit/contract.ts";

wireContract("HTTP", {}, 100);
wireContract("HTTP to a TLS upstream", { secure: true });
wireContract("HTTP to a TLS upstream through a proxy", { secure: true, through: true });
wireContract("MCP over HTTP", { prefix: "/@mcp/weather" });
