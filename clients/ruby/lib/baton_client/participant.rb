# frozen_string_literal: true

require "digest"
require "monitor"
require_relative "stopping"

module Baton
  # The program's side of a handoff: it hears what baton asks for, on a thread of its own, and does it.
  # @api private
  class Participant
    ALONE_S = 10.0 # for components and state, where baton names no deadline
    CHECKPOINT_S = 5.0
    LEAVE_S = 1.0 # until it is done by force

    attr_reader :generation, :changed

    def initialize(pipe, exclusive)
      @pipe = pipe
      @pid = Process.pid
      @declared = Declared.new(exclusive)
      @generation = ENV.fetch("BATON_GENERATION", "1").to_i
      @changed = ENV.fetch("BATON_CHANGED", "").split("\n")
      @out = ENV.fetch("BATON_STATE_OUT", nil)
      @lock = Monitor.new # of what is declared
      @saving = Mutex.new
      @started = Queue.new # closed once "start" has come
      @left = Queue.new # closed once the main thread is to leave
      at_exit { hold }
      return if pipe.nil?

      keep_own_handler = trap("TERM") { Thread.new { on_sigterm } }
      trap("TERM", keep_own_handler) unless %w[DEFAULT SYSTEM_DEFAULT].include?(keep_own_handler)
      Thread.new { listen }
    end

    # @return [String, nil] the path of the state
    def wait_for_start
      return if @pipe.nil?

      @lock.synchronize do
        @declared.has_barrier = @said.nil?
        say_hello if @said.nil?
      end
      @waits = @declared.has_barrier
      @started.pop
      @waits = false
      @state_file
    end

    # Changes what is declared, and says so where it was said before.
    def declare
      @lock.synchronize do
        yield @declared
        say_hello if @ready
      end
    end

    def get_ready
      @lock.synchronize do
        return if @ready || @closing

        @ready = true
        say_hello
      end
      tell("ready")
    end

    def checkpoint
      put("checkpoint", @out) unless @pipe.nil?
    end

    def wait
      @main_waits = true
      signals = @pipe.nil? ? %w[INT TERM] : %w[INT]
      before = signals.to_h { |signal| [signal, trap(signal) { Thread.new { finish } }] }
      get_ready
      @left.pop
    ensure
      before&.each { |signal, handler| trap(signal, handler || "DEFAULT") }
    end

    private

    def listen
      handed_over = obey until handed_over || @gone
      shut_down(@out, ALONE_S, alone: true) unless handed_over || at_barrier?
      leave
    end

    # @return [Boolean] whether the program may leave
    def obey
      message = @pipe.receive
      case message && message["type"]
      when nil then @gone = true
      when "start" then start(message)
      when "shutdown" then at_barrier? ? refuse("The program is still at the barrier") : asked_to_stop(message)
      when "checkpoint" then save(CHECKPOINT_S, "checkpoint", message["out"])
      when "exit" then return true
      when "error" then warn "baton: #{message["message"]}"
      else tell("error", message: "Unknown message type #{message["type"][0, 200].inspect}")
      end
      false
    rescue Pipe::BadLine => e
      tell("error", message: e.message[0, 4000])
      @gone = true
      false
    end

    def start(message)
      @generation, @changed, @state_file = message.values_at("generation", "changed", "stateFile")
      @out = message["out"] || @out
      @started.close
    end

    def asked_to_stop(message)
      shut_down(message["out"], message["deadlineMs"] / 1000.0)
    end

    def shut_down(out, within, alone: false)
      return if @closing

      @closing = true
      deadline = Stopping.now + within
      Stopping.stop(@declared.components, within) { |type, fields| tell(type, **fields) }
      save([deadline - Stopping.now, 0].max, "final", out, alone: alone) if @pipe && out
    end

    def save(within, kind, out, alone: false)
      error = Stopping.call(within, -> { put(kind, out, alone: alone) })
      refuse(error) if error
    end

    # Baton syncs what it takes, once nobody waits for the disk; +alone+ says that it is gone.
    def put(kind, out, alone: false)
      raise Error, "The program was not ready: it has not called ready" unless @ready

      @saving.synchronize do
        state = @declared.collect
        return if kind == "checkpoint" && @closing # The final state must stay the last one.

        write(out, state, alone)
        tell("saved", kind: kind, bytes: state.bytesize, sha256: Digest::SHA256.hexdigest(state))
      end
    end

    def write(path, state, sync)
      beside = "#{path}.#{Process.pid}.tmp"
      File.open(beside, "wb", 0o600) do |file|
        file.write(state)
        file.fsync if sync
      end
      File.rename(beside, path)
    end

    def at_barrier? = @waits && !@started.closed?

    def refuse(why) = tell("refused", why: why)

    def tell(type, **fields)
      if @pipe
        @pipe.send(type, fields)
      elsif type == "failed" # Without baton a failure is for people.
        warn "baton: component #{fields[:component].inspect} failed to stop: #{fields[:error]}"
      end
    end

    # Unless that would say what the last one said.
    def say_hello
      hello = @declared.to_hello
      return if hello == @said

      @said = hello
      tell("hello", protocol: 1, pid: Process.pid, client: "baton-ruby/#{VERSION}", **hello)
    end

    def on_sigterm
      return if @closing # What is being done has a deadline.

      @ready ? finish : Thread.main.raise(SystemExit.new(143))
    end

    # Ends the program from its own side.
    def finish
      return @pipe.hang_up if @pipe

      shut_down(nil, ALONE_S)
      @left.close
    end

    # Makes the main thread end the program; does it by force where that takes too long.
    def leave
      waits = @main_waits
      @left.close
      Thread.main.raise(SystemExit.new(0)) unless waits
      sleep LEAVE_S
      warn "baton: process #{Process.pid} did not leave in #{LEAVE_S} s"
      exit!(0)
    end

    # Keeps a main thread that has returned from ending the program before it has saved.
    def hold
      @left.pop if @closing && @pipe && @pid == Process.pid
    end
  end
end
