#!/usr/bin/env bash
# Fails if the engine has become much slower, as a multiple of the programs written by hand for the same models, than
# `ratios.json` says. Measured in turn in one process: seconds of another machine or day do not enter.
#
#   benches/compare.sh          compare
#   benches/compare.sh --save   store new ratios, on a quiet machine, after a change that is meant
set -euo pipefail
cd "$(dirname "$0")/.."

cargo run --quiet --release --package sanda-benches --example compare -- "$@" benches/ratios.json
