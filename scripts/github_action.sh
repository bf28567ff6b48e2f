#!/usr/bin/env bash
# The check of action.yml: annotations on standard output, a SARIF file, and whether anything is suspect.
# The step itself succeeds, so that the SARIF file is uploaded before the job fails.
#
# It stands in a tree that a stranger may have written, with the job's rights: no module, program, setting of git or
# link of that tree may decide what runs or where something is written.
set -uo pipefail

# Modules that a job names for its own programs are no part of aicheck. Isolated (-I), Python does not look for them
# either; these are for the processes that it starts.
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE
export PYTHONSAFEPATH=1

aicheck() {
  "$AICHECK_PYTHON" -I -c 'from aicheck_app.cli.main import main; main()' "$@" </dev/null
}

# Git runs what a repository's configuration names: monitors, hooks, helpers, and programs of all transports but HTTP.
# These settings come before those of the repository in every git that is started below, aicheck's too.
count=${GIT_CONFIG_COUNT:-0}
for setting in core.fsmonitor=false core.hooksPath=/dev/null safe.bareRepository=explicit credential.helper= \
  core.alternateRefsCommand=true gc.auto=0 maintenance.auto=false; do
  export "GIT_CONFIG_KEY_$count=${setting%%=*}" "GIT_CONFIG_VALUE_$count=${setting#*=}"
  count=$((count + 1))
done
export GIT_CONFIG_COUNT=$count GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=true GIT_NO_LAZY_FETCH=1 GIT_ALLOW_PROTOCOL=https:http

# The commit of a revision, as its number: nothing that begins with a dash is an option then.
commit_of() {
  git rev-parse --verify --quiet --end-of-options "$1^{commit}" 2>/dev/null
}

fetch() {
  [[ "$1" =~ ^[0-9a-fA-F]{40}([0-9a-fA-F]{24})?$ ]] &&
    git fetch --quiet --depth=1 --no-tags --no-recurse-submodules origin "$1" 2>/dev/null
}

give_up() {
  echo "aicheck: $1" >&2
  exit 2
}

# Where the SARIF file is to be: in the folder named, which no link of the tree leads out of; what is there is replaced.
sarif_path() {
  local folder
  folder=$(cd -P -- "$(dirname -- "$AICHECK_SARIF")" 2>/dev/null && pwd) || give_up "there is no folder for the SARIF file"
  if [[ "$AICHECK_SARIF" != /* && "$folder/" != "$(pwd -P)"/* ]]; then
    give_up "the SARIF file's folder leads out of the work tree"
  fi
  echo "$folder/$(basename -- "$AICHECK_SARIF")"
}

if [ -n "${AICHECK_PATHS:-}" ]; then
  read -r -d '' -a paths <<<"$AICHECK_PATHS"
  targets=(-- "${paths[@]}")
elif [ -n "${AICHECK_BASE//0/}" ]; then # a first push has only zeros before it
  base=$(commit_of "$AICHECK_BASE" || { fetch "$AICHECK_BASE" && commit_of "$AICHECK_BASE"; }) ||
    give_up "the revision to compare with is not here and can't be fetched: check out with 'fetch-depth: 0'"
  targets=("--diff=$base")
else
  targets=(.)
fi

aicheck check --format github "${targets[@]}"
code=$?
if [ -n "${AICHECK_SARIF:-}" ]; then
  sarif=$(sarif_path) || exit 2
  written=$(mktemp)
  aicheck check --format sarif "${targets[@]}" >"$written"
  rm -f -- "$sarif" && chmod 644 -- "$written" && mv -- "$written" "$sarif"
fi
[ "$code" -le 1 ] || exit "$code"
echo "suspect=$([ "$code" -eq 1 ] && echo true || echo false)" >>"$GITHUB_OUTPUT"
