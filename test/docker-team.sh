#!/usr/bin/env bash
# Starts docker-compose.team.yml from a copy of the working tree and looks at what it promises: two recorders with the demo's traffic on two
# pages. Needs docker with compose, and curl. Where no registry gives Postgres' own image, Debian's package stands in for it.
set -euo pipefail
cd "$(dirname "$0")/.."

export LAPTOP_PORT=0 RUNNER_PORT=0 PAGE_PORT=0 SECOND_PAGE_PORT=0 COMPOSE_PROJECT_NAME=mcp-proxy-logger-team-test
copy=$(mktemp -d)
team() { docker compose -f docker-compose.team.yml "$@"; }

finish() {
  local code=$?
  [ "$code" = 0 ] || team logs --tail 30 || true
  team down --volumes >/dev/null 2>&1 || true
  cd / && rm -rf "$copy" 2>/dev/null || echo "left behind: $copy"
  [ "$code" = 0 ] && echo "docker-team: all is as promised" || echo "docker-team: FAILED"
  exit "$code"
}
trap finish EXIT
ok() { printf 'ok   %s\n' "$*"; }
fail() { printf 'FAIL %s\n' "$*"; exit 1; }
wait_for() { # wait_for "what" command…
  local what=$1 n
  shift
  for ((n = 0; n < 300; n++)); do "$@" >/dev/null 2>&1 && return 0 || sleep 0.4; done
  fail "$what did not come"
}

git ls-files -z --cached --others --exclude-standard | tar --null --files-from - --create | tar --extract --directory "$copy"
cd "$copy"

if [ -z "${POSTGRES_IMAGE:-}" ] && ! docker image inspect postgres:18 >/dev/null 2>&1 && ! docker pull -q postgres:18 >/dev/null 2>&1; then
  echo "no registry gives postgres:18: Debian's own package stands in for it"
  cat >postgres.Dockerfile <<'IMAGE'
FROM oven/bun:1.4.5
USER root
RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends postgresql >/dev/null
ENV PATH=/usr/lib/postgresql/15/bin:$PATH
USER postgres
ENTRYPOINT ["sh", "-c", "d=$HOME/data; [ -d $d ] || { initdb -D $d -A scram-sha-256 -E UTF8 --pwfile=/dev/stdin <<P && printf 'host all all all scram-sha-256\\n' >>$d/pg_hba.conf && (pg_ctl -D $d -w -o '-c listen_addresses=' start && PGPASSWORD=$POSTGRES_PASSWORD psql -U postgres -h /var/run/postgresql -c \"create database $POSTGRES_DB\"; pg_ctl -D $d -w stop); } || exit 1\n$POSTGRES_PASSWORD\nP\nexec postgres -D $d -c listen_addresses='*'"]
IMAGE
  docker build -q -t team-test-postgres -f postgres.Dockerfile . >/dev/null
  export POSTGRES_IMAGE=team-test-postgres
fi

team up --build --detach --quiet-pull || fail "it did not start"
ok "started"
page=http://$(team port page 8080) second=http://$(team port second-page 8080)
for each in "$page" "$second"; do wait_for "a page" curl -fsS "$each/healthz"; done
ok "both pages answer"
both() { # both recorders, with whole exchanges
  local each
  for each in "$page" "$second"; do
    for user in ann build; do
      case $(curl -fsS "$each/api/exchanges?q=user:$user%20is:done") in *'"total":0'*) return 1 ;; *'"user":"'$user'"'*) ;; *) return 1 ;; esac
    done
  done
}
wait_for "the traffic of both recorders on both pages" both
ok "the traffic of both recorders is on both pages"
id=$(curl -fsS "$page/api/exchanges?q=user:ann%20is:done&limit=1" | sed 's/.*"id":"\([^"]*\)".*/\1/')
case $(curl -fsS "$second/api/exchanges/$id") in *'"format"'*) ok "a body opens on the other page" ;; *) fail "no body of $id" ;; esac
case $(team exec -T postgres sh -c "PGPASSWORD=recorder-password psql -h 127.0.0.1 -U mcpl_recorder -d team -c 'select 1 from mcpl.exchange' 2>&1" || true) in
*'permission denied'*) ok "a recorder reads nothing" ;;
*) fail "a recorder may read" ;;
esac
say() {
  curl -fsS "http://$(team port laptop 8000)/@demo/v1/chat/completions" -H 'content-type: application/json' \
    -d "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"$1\"}]}" >/dev/null
}
team stop -t 1 postgres >/dev/null 2>&1
say "while the store is away" || fail "the proxy needs the store"
ok "a store that is away costs the traffic nothing"
team start postgres >/dev/null 2>&1
late() { case $(curl -fsS "$page/api/exchanges?q=away%20user:ann") in *'"total":0'*) return 1 ;; *'while the store is away'*) ;; *) return 1 ;; esac; }
wait_for "what was said meanwhile" late
ok "what was said meanwhile is shipped later"
