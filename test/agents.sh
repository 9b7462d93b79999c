#!/bin/sh
# The real agents from npm against the demo model, with no key and no network: `run` starts each with the weather server
# behind the tap, it is asked for the weather, and the call has to be on both wires, joined by the rule that is expected,
# with nothing asked of anybody else. Heavy (1.5 GB of packages, a network for the first run), so not part of
# `bun run test`:
#
#     test/agents.sh [FOLDER [AGENT …]]       packages and recordings are kept in FOLDER, by default a fresh one
#     FIXTURES=src/read/run/fixtures test/agents.sh FOLDER gemini       keeps what both wires said, cleaned, as a fixture
#
# What is checked stands in test/agents/play.ts, each agent's settings in test/agents/agents.ts.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=${1:-$(mktemp -d)}
[ $# -gt 0 ] && shift
bun=${BUN:-bun}

# The one place for versions.
versions='
claude    @anthropic-ai/claude-code  2.1.332
codex     @openai/codex              0.171.0
opencode  opencode-ai                1.18.33
gemini    @google/gemini-cli         0.61.0
qwen      @qwen-code/qwen-code       0.24.4
'

[ $# -gt 0 ] || set -- claude codex opencode gemini qwen
failed=0
for agent in "$@"; do
  line=$(echo "$versions" | grep "^$agent ") || { echo "there is no agent $agent"; exit 2; }
  package=$(echo "$line" | awk '{ print $2 }')
  version=$(echo "$line" | awk '{ print $3 }')
  folder=$work/packages/$agent-$version
  if [ ! -d "$folder/node_modules/.bin" ]; then
    mkdir -p "$folder"
    echo '{"private":true}' > "$folder/package.json"
    (cd "$folder" && npm install --no-audit --no-fund --silent "$package@$version")
  fi
  "$bun" --no-env-file "$here/test/agents/play.ts" "$agent" "$version" "$folder/node_modules/.bin/$agent" "$work/$agent" || failed=1
done
exit $failed
