#!/usr/bin/env bash
# Builds and runs the image from a copy of the working tree, as a newcomer would, and looks at everything it promises.
# Needs docker with compose, curl and git. Takes any free ports and leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."

export PROXY_PORT=0 WEB_PORT=0 COMPOSE_PROJECT_NAME=mcp-proxy-logger-test
copy=$(mktemp -d)

finish() {
  local code=$?
  [ "$code" = 0 ] || docker compose logs --tail 40 logger || true
  docker compose down --volumes >/dev/null 2>&1 || true
  cd / && rm -rf "$copy" 2>/dev/null || echo "left behind: $copy"
  [ "$code" = 0 ] && echo "docker: all is as promised" || echo "docker: FAILED"
  exit "$code"
}
trap finish EXIT
ok() { printf 'ok   %s\n' "$*"; }
fail() { printf 'FAIL %s\n' "$*"; exit 1; }
wait_for() { # wait_for "what" command…
  local what=$1 n
  shift
  for ((n = 0; n < 100; n++)); do "$@" >/dev/null 2>&1 && return 0 || sleep 0.2; done
  fail "$what did not come"
}

git ls-files -z --cached --others --exclude-standard | tar --null --files-from - --create | tar --extract --directory "$copy"
cd "$copy"
[ "$(id -u)" != 0 ] || chown 4321:4321 logs # a user that the image does not know

docker compose up --build --wait --quiet-pull || fail "it did not become healthy"
ok "healthy"

container=$(docker compose ps --quiet logger)
[ "$(docker compose exec -T logger id -u)" != 0 ] || fail "it runs as root"
ok "runs as $(docker compose exec -T logger id -un)"
published=$(docker inspect --format '{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{end}}{{end}}' "$container")
[ "$published" = "127.0.0.1 127.0.0.1 " ] || fail "published on $published"
proxy=http://$(docker compose port logger 8000) page=http://$(docker compose port logger 8080)
ok "both ports are on 127.0.0.1 only"

answer=$(curl -fsSN "$proxy/@demo/v1/chat/completions" -H 'content-type: application/json' \
  -d '{"model":"gpt-4.1-mini","stream":true,"messages":[{"role":"user","content":"hello"}]}')
case $answer in *'data: [DONE]'*) ok "the demo upstream streams through the proxy" ;; *) fail "the answer was $answer" ;; esac

curl -fsS "$page/healthz" >/dev/null || fail "no /healthz"
# Not into grep -q: it leaves at its first hit, and curl fails for it.
case $(curl -fsS "$page/") in *'<html'*) ;; *) fail "no page" ;; esac
ok "the page answers without a token, as on a laptop"
[ "$(curl -sS -o "$copy/refused" -w '%{http_code}' -H 'Host: evil.example' "$page/api/exchanges")" != 200 ] ||
  fail "another Host was let in"
ok "another Host is refused"
beside=$(docker run --rm --network "${COMPOSE_PROJECT_NAME}_default" mcp-proxy-logger bun -e '
  const ask = async (url) => (await fetch(url, { headers: { host: "localhost" } })).status;
  console.log(await ask("http://logger:8080/api/exchanges"), await ask("http://logger:8000/@demo/v1/models"));')
[ "$beside" = "403 403" ] || fail "another container was answered $beside"
ok "another container is refused on both ports, whatever Host it says"
listed() { case $(curl -fsS "$page/api/exchanges") in *'"upstream":"demo"'*) ;; *) return 1 ;; esac; }
wait_for "the exchange on the page" listed
ok "the exchange is on the page"
recorded() { grep -lqE '"ending": ?"complete"' logs/llm_proxy/*.json; }
wait_for "the file in logs/llm_proxy" recorded
ok "the exchange is a file in ./logs, readable on this side"
case $(stat -c %a logs) in *0) ;; *) fail "others can open ./logs: $(stat -c %a logs)" ;; esac
[ -z "$(getent group "$(stat -c %g logs)")" ] || [ "$(stat -c %a logs)" = 700 ] || fail "a group of this machine can open ./logs"
ok "no other user of this machine can open ./logs"

docker compose exec -T logger bun src/cli.ts demo </dev/null >"$copy/transcript" 2>&1 || fail "demo: $(cat "$copy/transcript")"
wait_for "the session in logs/mcp_weather" sh -c 'ls logs/mcp_weather/*.jsonl'
ok "the demo runs inside, its MCP session is a file"

docker compose stop >/dev/null 2>&1
code=$(docker inspect --format '{{.State.ExitCode}}' "$container")
[ "$code" = 0 ] || fail "stopped with code $code"
ok "stops with code 0"
