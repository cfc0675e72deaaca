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
    FLUSH_S = 0.2 # for what was printed, which may be to nobody

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
      @stopping = Mutex.new # held while components are stopped, and started again
      @started = Queue.new # closed once "start" has come
      @left = Queue.new # closed once the main thread is to leave
      @handlers = {} # of signals, before they were this client's
      at_exit { hold }
      return if pipe.nil?

      before = trap("TERM") { Thread.new { on_sigterm } }
      if %w[DEFAULT SYSTEM_DEFAULT].include?(before)
        @handlers["TERM"] = before
      else
        trap("TERM", before)
      end
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
      signals.each { |signal| @handlers[signal] = trap(signal) { Thread.new { finish } } }
      # Ruby takes a main thread that waits, and no other is there, for a deadlock.
      idle = Thread.new { loop { sleep 3_600 } }
      get_ready
      @left.pop
    ensure
      idle&.kill
      give_back(signals)
    end

    # @raise [Error]
    def recycle(within = ALONE_S)
      @stopping.synchronize do
        raise Error, "The program is being stopped" if @closing

        Recycling.recycle(@declared.components.dup, within) { |type, fields| tell(type, **fields) }
      end
    end

    # In a forked child: the pipe is its parent's.
    def forget
      @pipe&.close
      @pipe = nil
      give_back(@handlers.keys)
    end

    private

    def give_back(signals)
      signals.each { |signal| trap(signal, @handlers.delete(signal) || "DEFAULT") }
    end

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
      when "changed" then take(message) { |within| tell_of(message["paths"], within) }
      when "recycle" then take(message) { |within| recycle(within) }
      when "exit" then return true
      when "error" then complain(message["message"])
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
      @stopping.synchronize do
        Stopping.stop(@declared.components.reject(&:held), within) { |type, fields| tell(type, **fields) }
      end
      save([deadline - Stopping.now, 0].max, "final", out, alone: alone) if @pipe && out
    end

    # Says whether what the block does is in effect.
    def take(message)
      yield message["deadlineMs"] / 1000.0
      tell("done", step: message["step"])
    rescue Error => e
      tell("declined", step: message["step"], why: e.message[0, 4000])
    end

    def tell_of(paths, within)
      error = Stopping.call(within, -> { @declared.changes.tell(paths) })
      raise Error, error if error
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
      return if @pipe&.send(type, fields)

      case type # Without baton a failure is for people.
      when "failed" then complain("component #{fields[:component].inspect} failed to stop: #{fields[:error]}")
      when "refused" then complain("the state cannot be saved: #{fields[:why]}")
      end
    end

    def complain(text)
      warn "baton: #{text}"
    rescue SystemCallError, IOError
      nil # Nobody reads it any more.
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
      complain("process #{Process.pid} did not leave in #{LEAVE_S} s")
      Stopping.call(FLUSH_S, -> { $stdout.flush })
      exit!(0)
    end

    # Keeps a main thread that has returned from ending the program before it has saved.
    def hold
      @left.pop if @closing && @pipe && @pid == Process.pid
    end
  end
end
