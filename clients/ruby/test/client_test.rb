# frozen_string_literal: true

require "minitest/autorun"
require "timeout"
require "tmpdir"
require "baton_client"

class ClientTest < Minitest::Test
  # The table that all clients are held to.
  GLOBS = File.expand_path("../../../tests/support/globs.json", __dir__)

  def test_globs_name_what_they_do_in_gitignore
    skip "the table is in baton's repository" unless File.exist?(GLOBS)

    JSON.parse(File.read(GLOBS)).each do |each|
      glob, names, other = each.values_at("glob", "names", "other")
      assert_equal names, (names + other).select { |path| Baton::Glob.names?(glob, path) }, glob
    end
  end

  def test_changes_go_to_those_who_name_them
    told = []
    declared = Baton::Declared.new(false)
    declared.readers << ["data/*.json", ->(paths) { told << paths }] << ["*.txt", ->(paths) { told << paths }]
    declared.tell(["data/a.json", "b.txt"])
    assert_equal [["data/a.json"], ["b.txt"]], told
    assert_raises(Baton::Error) { declared.tell(["data/a.json", "app.rb"]) }
    assert_equal 2, told.size
  end

  def test_recycling_starts_again_with_what_was_saved
    app = alone
    assert_raises(Baton::Error) { app.recycle }
    calls = []
    count = 1
    start = lambda do |saved|
      calls << "start #{saved}"
      count += 1
    end
    app.component("count", save: -> { count }, start: start) { calls << "stop" }
    app.component("http", start: -> { calls << "serve" }, serves: true) { calls << "end" }
    2.times { app.recycle }
    assert_equal ["stop", "end", "start 1", "serve", "stop", "end", "start 2", "serve"], calls
    app.component("once") { flunk }
    assert_raises(Baton::Error) { app.recycle }
  end

  def test_a_recycle_that_fails_loses_nothing
    declared = Baton::Declared.new(false)
    queue = ["event"]
    start = lambda do |_|
      queue.clear
      raise "no"
    end
    declared.add(Baton::Component.new("queue", 1, -> {}, nil, false, -> { queue.dup }, start))
    assert_raises(Baton::Error) { declared.recycle(1) { |*| nil } }
    assert_equal '{"queue":["event"]}', declared.collect
    declared.components.first.start = ->(saved) { queue.replace(saved) }
    declared.recycle(1) { |*| nil }
    assert_equal ["event"], queue
  end

  FORKING = <<~PROGRAM
    require "baton_client"
    app = Baton.join
    app.on_save { Process.pid }
    app.ready
    $stdout.sync = true
    child = fork do
      puts Process.pid
      sleep
    end
    Process.wait(child)
    puts "it has ended"
    app.wait
  PROGRAM

  # SIGTERM to it, and its end, are nothing to baton; nor does it keep the pipe open.
  def test_a_forked_child_has_no_part_in_it
    under_baton(FORKING) do |program, baton, out|
      Process.kill("TERM", program.gets.to_i)
      assert_equal "it has ended", program.gets.chomp
      baton.puts JSON.generate(type: "checkpoint", out: out)
      said = Array.new(3) { JSON.parse(baton.gets)["type"] }
      assert_equal %w[hello ready saved], said
      assert_equal program.pid, File.read(out).to_i
      baton.puts JSON.generate(type: "exit")
      assert_nil program.gets
      assert_nil baton.gets
    end
  end

  STAYING = <<~PROGRAM
    require "baton_client"
    app = Baton.join
    app.on_save { 1 }
    print "printed"
    begin
      app.ready
      sleep
    ensure
      sleep
    end
  PROGRAM

  def test_what_was_printed_is_there_where_the_program_does_not_leave
    under_baton(STAYING) do |program, baton, _|
      nil until baton.gets.include?("ready")
      baton.puts JSON.generate(type: "exit")
      assert_equal "printed", program.read
    end
  end

  ALONE = <<~PROGRAM
    require "baton_client"
    $stdout.sync = true
    app = Baton.join
    app.component("http") { puts "stopped" }
    Baton::App.prepend(Module.new { def ready = puts("waits") })
    app.wait
  PROGRAM

  def test_without_baton_a_program_waits_for_a_signal
    program = IO.popen([{ "BATON_PIPE" => "", "RUBYOPT" => "" }, RbConfig.ruby, "-I", "#{__dir__}/../lib", "-e", ALONE])
    assert_equal "waits\n", program.gets
    Process.kill("TERM", program.pid)
    assert_equal "stopped\n", program.read
    program.close
    assert_predicate Process.last_status, :success?
  end

  private

  def alone = Baton::App.new(false)

  def under_baton(program)
    Dir.mktmpdir do |folder|
      pipe = UNIXServer.new("#{folder}/pipe")
      command = [RbConfig.ruby, "-I", "#{__dir__}/../lib", "-e", program]
      running = IO.popen([{ "BATON_PIPE" => "#{folder}/pipe", "RUBYOPT" => "" }, *command], pgroup: true)
      Timeout.timeout(60) { yield running, pipe.accept, "#{folder}/out" }
    ensure
      Process.kill("KILL", -running.pid) if running
      running&.close
    end
  end
end
