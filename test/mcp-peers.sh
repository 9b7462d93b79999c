#!/bin/sh
# The recorder against the official MCP programs: the same answers with the tap or the relay between them and without.
# Heavy (150 MB of packages, a network for the first run), so not part of `bun run test`:
#
#     test/mcp-peers.sh [FOLDER]      the packages and results are kept in FOLDER, by default a fresh one
#
# - mcp-inspector --cli with server-everything and server-filesystem: direct and tapped have to print the same
# - the server suite of @modelcontextprotocol/conformance against server-everything (with sessions) and our weather
#   server (both eras, without): direct and through the relay have to come to the same result, check for check
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
cd "$work"
bun=${BUN:-bun}
logs=$work/logs
rm -rf "$logs" results && mkdir -p results
failed=0
passed=0

same() { # name, file, file
  if cmp -s "$2" "$3"; then
    passed=$((passed + 1))
    echo "same       $1"
  else
    failed=$((failed + 1))
    echo "DIFFERENT  $1"
    diff "$2" "$3" | head -20
  fi
}

if [ ! -d node_modules/@modelcontextprotocol/conformance ]; then
  echo '{"private":true}' > package.json
  npm install --no-audit --no-fund --silent \
    @modelcontextprotocol/server-everything@2026.8.31 \
    @modelcontextprotocol/server-filesystem@2026.8.31 \
    @modelcontextprotocol/inspector@2.12.0 \
    @modelcontextprotocol/conformance@0.1.16 \
    conformance-next@npm:@modelcontextprotocol/conformance@0.2.0-alpha.12
fi
everything=node_modules/@modelcontextprotocol/server-everything/dist/index.js
filesystem=node_modules/@modelcontextprotocol/server-filesystem/dist/index.js
mkdir -p files
echo hello > files/hello.txt

# --- the tap ---------------------------------------------------------------------------------------------------------
inspect() { # name, server's command as words, then what to ask
  name=$1 server=$2
  shift 2
  # Times and process ids differ between any two runs.
  clean='s/[0-9]\{4\}-[0-9-]*T[0-9:.]*Z/TIME/g; s/[0-9]\{2\}:[0-9]\{2\}:[0-9]\{2\}/TIME/g'
  # shellcheck disable=SC2086
  { node node_modules/.bin/mcp-inspector --cli $server "$@" 2>&1; echo "exit $?"; } | sed "$clean" > "results/$name.direct"
  # shellcheck disable=SC2086
  { node node_modules/.bin/mcp-inspector --cli -e "LOG_DIR=$logs" "$bun" --no-env-file "$here/src/cli.ts" tap --name "$name" $server "$@" 2>&1; echo "exit $?"; } |
    sed "$clean" > "results/$name.tapped"
  same "inspector: $name" "results/$name.direct" "results/$name.tapped"
  ls "$logs/mcp_$name"/*.jsonl > /dev/null
}
inspect everything-tools "node $everything" --method tools/list
inspect everything-echo "node $everything" --method tools/call --tool-name echo --tool-arg message=hello
inspect everything-sum "node $everything" --method tools/call --tool-name get-sum --tool-arg a=2 --tool-arg b=40
inspect everything-image "node $everything" --method tools/call --tool-name get-tiny-image
inspect everything-long "node $everything" --method tools/call --tool-name trigger-long-running-operation --tool-arg duration=1 --tool-arg steps=3
inspect everything-resources "node $everything" --method resources/list
inspect everything-prompts "node $everything" --method prompts/list
inspect everything-nothing "node $everything" --method tools/call --tool-name no-such-tool
inspect filesystem-tools "node $filesystem $work/files" --method tools/list
inspect filesystem-read "node $filesystem $work/files" --method tools/call --tool-name read_text_file --tool-arg "path=$work/files/hello.txt"
inspect filesystem-outside "node $filesystem $work/files" --method tools/call --tool-name read_text_file --tool-arg path=/etc/hostname
inspect weather-tools "$bun $here/src/mcp/weather.ts --provider sample --no-record" --method tools/list
inspect weather-forecast "$bun $here/src/mcp/weather.ts --provider sample --no-record" --method tools/call --tool-name get_forecast --tool-arg location=Oslo --tool-arg days=2

# --- the relay -------------------------------------------------------------------------------------------------------
pids=
trap 'kill $pids 2>/dev/null || true' EXIT
address() { # file, pattern: waits for the program to say where it listens
  until grep -Eo "$2" "$1" | head -1 | grep . ; do sleep 0.1; done
}
port=$("$bun" -e 'const s = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } }); console.log(s.port); s.stop()')
PORT=$port node $everything streamableHttp > everything.log 2>&1 &
pids="$pids $!"
"$bun" "$here/src/mcp/weather.ts" --provider sample --http 0 2> weather.log &
pids="$pids $!"
weather=$(address weather.log 'http://[^ ]+')
until grep -q "$port" everything.log; do sleep 0.1; done
"$bun" "$here/src/cli.ts" start --port 0 --web-port 0 --log-dir "$logs" \
  --mcp "everything=http://127.0.0.1:$port/mcp" --mcp "weather=$weather" > proxy.log 2>&1 &
pids="$pids $!"
proxy=$(address proxy.log 'http://[^ ]+')

conform() { # name, package, url direct, url relayed, more options
  name=$1 package=$2 direct=$3 relayed=$4
  shift 4
  for way in direct relayed; do
    eval "url=\$$way"
    "$bun" "node_modules/$package/dist/index.js" server --url "$url" "$@" > "results/$name.$way.full" 2>&1 || true
    # What was checked and how it ended; addresses, times and ids differ by nature.
    # One check is left out: the relay itself refuses names that a page pointed at this machine, whatever the server does.
    grep -E '✓|✗|⚠|~|passed|failed|SUCCESS|FAILURE|WARNING' "results/$name.$way.full" | grep -vE '^Total|dns-rebinding' |
      sed 's/\x1b\[[0-9;]*m//g; s#http://[^ ]*##g; s/[0-9]* *ms//g; s/[0-9a-f]\{8\}-[0-9a-f-]*//g' > "results/$name.$way"
  done
  same "conformance: $name: $(grep Total "results/$name.direct.full")" "results/$name.direct" "results/$name.relayed"
}
conform everything-0.1 @modelcontextprotocol/conformance "http://127.0.0.1:$port/mcp" "$proxy/@mcp/everything"
conform weather-0.1 @modelcontextprotocol/conformance "$weather" "$proxy/@mcp/weather"
conform everything-0.2 conformance-next "http://127.0.0.1:$port/mcp" "$proxy/@mcp/everything"
conform weather-0.2 conformance-next "$weather" "$proxy/@mcp/weather"
conform weather-2026-07-28 conformance-next "$weather" "$proxy/@mcp/weather" --spec-version 2026-07-28

echo "$passed same, $failed different; results in $work/results"
[ "$failed" -eq 0 ]
