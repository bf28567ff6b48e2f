#!/usr/bin/env bash
# The check of action.yml: annotations on standard output, a SARIF file, and whether anything is suspect.
# The step itself succeeds, so that the SARIF file is uploaded before the job fails.
set -uo pipefail

if [ -n "${AICHECK_PATHS:-}" ]; then
  read -r -a targets <<<"$AICHECK_PATHS"
elif [ -n "${AICHECK_BASE//0/}" ]; then # a first push has only zeros before it
  git cat-file -e "$AICHECK_BASE^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$AICHECK_BASE"
  targets=(--diff "$AICHECK_BASE")
else
  targets=(.)
fi

aicheck check "${targets[@]}" --format github
code=$?
if [ -n "${AICHECK_SARIF:-}" ]; then
  aicheck check "${targets[@]}" --format sarif >"$AICHECK_SARIF"
fi
[ "$code" -le 1 ] || exit "$code"
echo "suspect=$([ "$code" -eq 1 ] && echo true || echo false)" >>"$GITHUB_OUTPUT"
