# frozen_string_literal: true

# The programs that the conformance suite runs: `conformance.rb PROGRAM`; see docs/protocol.md.
require_relative "lib/baton_client"

$stdout.sync = true
at_exit { puts "ended" }
PROGRAM = ARGV.fetch(0)
APP = Baton.join(exclusive: PROGRAM == "late")

def counts
  state = APP.restore({ "count" => 0 })
  puts "restored #{JSON.generate(state)}"
  state["count"] += 1
  APP.component("first") { puts "stop first" }
  APP.component("second", timeout: 0.9) { puts "stop second" }
  APP.on_save { state }
end

case PROGRAM
when "counts" then counts
when "workers"
  counts
  APP.ready
  # A worker is a process of its own that takes part as well.
  Process.spawn(RbConfig.ruby, __FILE__, "worker")
when "worker"
  APP.restore(nil)
  APP.on_save { "of the worker" }
when "parts"
  APP.restore(nil)
  APP.on_save { { "whole" => true } }
  APP.component("queue", save: -> { ["event"] }) { nil }
  APP.component("config", save: -> { { "tick" => 1 } })
when "joins"
  APP.restore(nil)
  APP.component("http", serves: true) { puts "stop http" }
  APP.component("first", join: -> { puts "join first" }) { puts "tell first" }
  APP.component("queue") { puts "stop queue" }
  APP.component("second", join: -> { puts "join second" }) { puts "tell second" }
  APP.on_save { "joined" }
when "stuck"
  APP.restore(nil)
  APP.component("fine") { nil }
  APP.component("hangs", timeout: 0.05) { sleep }
  APP.component("raises") { raise "cannot stop" }
  APP.on_save { "saved anyway" }
when "raises"
  APP.restore(nil)
  APP.on_save { raise "not now" }
when "slow"
  APP.restore("")
  APP.on_save do
    puts "saving"
    $stderr.puts "saving"
    sleep 0.2
    "x" * (1 << 24)
  end
when "nothing"
  APP.restore(nil)
  APP.component("only") { nil }
when "notices"
  APP.restore(nil)
  APP.on_change("*.txt") do |paths|
    raise "cannot read it" unless paths == ["touched.txt"]

    puts "told #{paths.first}"
  end
  APP.on_save { "told" }
when "recycles"
  APP.restore(nil)
  count = 1
  again = lambda do |saved|
    puts "start count with #{saved}"
    count = saved + 1
  end
  APP.component("count", save: -> { count }, start: again) { puts "stop count" }
  APP.component("kept", save: -> { "as it is" })
  APP.component("http", start: -> { puts "start http" }, serves: true) { puts "stop http" }
  APP.component("loop", join: -> { puts "join loop" }, start: -> { puts "start loop" }) { puts "tell loop" }
when "unstartable"
  puts "restored #{JSON.generate(APP.restore({}))}"
  queue = ["event"]
  again = lambda do |_saved|
    queue.clear
    raise "cannot start"
  end
  APP.component("queue", save: -> { queue.dup }, start: again) { nil }
  APP.component("only", start: -> { puts "start only" }) { puts "stop only" }
when "unready"
  APP.restore(nil)
  APP.on_save { "too early" }
  sleep
when "finishes"
  counts
  APP.ready
  exit
when "late"
  APP.ready
  APP.component("late") { nil }
when "checkpoints"
  state = APP.restore({ "saved" => 0 })
  APP.on_save { state.tap { state["saved"] += 1 } }
  APP.ready
  APP.checkpoint
end
APP.wait
