#!/bin/sh
# Counts ticks, and goes on counting after a restart: a signal and a file, no library.
#
#     baton -- ./examples/ticker.sh
#
# Edit the word below while it runs.
word=tick
interval=${TICK_SECONDS:-1}

count=0
if [ -f "${BATON_STATE_FILE:-}" ]; then
  read -r count <"$BATON_STATE_FILE"
fi

leave() {
  kill $! 2>/dev/null # the sleep
  if [ -n "${BATON_STATE_OUT:-}" ]; then
    # Beside it first: the rename makes the state appear whole, or not at all.
    echo "$count" >"$BATON_STATE_OUT.new" && mv "$BATON_STATE_OUT.new" "$BATON_STATE_OUT" || exit 1
  fi
  exit 0
}
trap leave TERM INT

while :; do
  # A signal interrupts `wait`, but would have to wait for `sleep`.
  sleep "$interval" &
  wait $!
  count=$((count + 1))
  echo "$word $count"
done
