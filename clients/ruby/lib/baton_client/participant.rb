# frozen_string_literal: true

module Baton
  # What baton asks of an {App}: a thread of its own hears it, and does it.
  # @api private
  module Participant
    include MonitorMixin # of what is declared, and said of it

    ALONE_S = 10.0 # for components and state, where baton names no deadline
    LEAVE_S = 1.0 # until it is done by force; and for what was printed, which may be to nobody

    # @param exclusive [Boolean]
    # @raise [Error] if baton cannot be reached
    def initialize(exclusive)
      super()
      @declared = Declared.new(exclusive)
      @generation = ENV.fetch("BATON_GENERATION", "1").to_i
      @changed = ENV.fetch("BATON_CHANGED", "").split("\n")
      @out = ENV.fetch("BATON_STATE_OUT", nil)
      @saving = Mutex.new
      @stopping = Mutex.new # held while components are stopped, and started again
      @started = Queue.new # closed once "start" has come
      @left = Queue.new # closed once the main thread is to leave
      @handlers = {} # of signals, before they were this client's
      address = ENV.fetch("BATON_PIPE", "")
      take_part(Pipe.new(address)) unless address.empty?
    end

    # In a forked child: the pipe is its parent's.
    def forget
      @pipe&.close
      @pipe = nil
      give_back(*@handlers.keys)
    end

    private

    def take_part(pipe)
      @pipe = pipe
      # A main thread that has returned does not end the program before it has saved.
      at_exit { @left.pop if @closing && @pipe&.own? }
      handle("TERM") { on_sigterm }
      # A handler of the program's own stays.
      give_back("TERM") unless %w[DEFAULT SYSTEM_DEFAULT].include?(@handlers["TERM"])
      Thread.new do
        listen
        # Where baton was killed, who reads what is printed is closed a moment after its end of the pipe.
        Deadline.drop_unread_output(0.2) if @pipe.gone?
        shut_down(@out, ALONE_S, alone: true) unless @handed_over || at_barrier?
        leave
      end
    end

    def handle(signal, &block) = @handlers[signal] = trap(signal) { Thread.new(&block) }

    def give_back(*signals)
      (@handlers.keys & signals).each { |signal| trap(signal, @handlers.delete(signal) || "DEFAULT") }
    end

    # Changes what is declared, and says so where it was said before.
    def declare
      synchronize do
        yield @declared
        say_hello if @ready
      end
    end

    def wait_for_start
      synchronize do
        @declared.has_barrier ||= @said.nil?
        say_hello
      end
      @started.pop
    end

    def at_barrier? = @declared.has_barrier && !@started.closed?

    # Until the program has handed over, or baton is gone.
    def listen
      until @handed_over || (message = @pipe.receive).nil?
        obey(message)
      end
    rescue Pipe::BadLine => e
      tell("error", message: e.message[0, 4000])
    end

    def obey(message)
      case message
      in { type: "exit" } then @handed_over = true
      in { type: "start" } then start(message)
      in { type: "shutdown", out: String => out, deadlineMs: Numeric => ms }
        at_barrier? ? tell("refused", why: "The program is still at the barrier") : shut_down(out, ms / 1000.0)
      in { type: "checkpoint", out: String => out } then save(Deadline::SAVE_S, "checkpoint", out)
      in { type: "changed" | "recycle", step: Integer, paths: Array, deadlineMs: Numeric } then take_in(message)
      in { type: "error" } then complain(message[:message])
      in { type: String => type } unless %w[shutdown checkpoint changed recycle].include?(type)
        tell("error", message: "Unknown message type #{type[0, 200].inspect}")
      else raise Pipe::BadLine, "The line is no object with a type, or lacks what its type needs"
      end
    end

    def start(message)
      @generation, @changed, @state_file = message.values_at(:generation, :changed, :stateFile)
      @out = message[:out] || @out
      @started.close
    end

    def shut_down(out, within, alone: false)
      return if @closing

      @closing = true
      deadline = Deadline.now + within
      @stopping.synchronize { @declared.stop(within, &method(:tell)) }
      # Where a signal has stopped the process meanwhile its own time is over, and baton gives it anew.
      save([deadline - Deadline.now, [within * 0.2, 1.0].min].max, "final", out, alone: alone) if @pipe && out
    end

    # Takes changed files in without a restart, and says whether that is in effect.
    def take_in(message)
      within = message[:deadlineMs] / 1000.0
      message[:type] == "recycle" ? recycle(within) : Deadline.call(within) { @declared.tell(message[:paths]) }
      tell("done", step: message[:step])
    rescue Error => e
      tell("declined", step: message[:step], why: e.message[0, 4000])
    end

    def save(within, kind, out, alone: false)
      Deadline.call(within) { put(kind, out, alone: alone) }
    rescue Error => e
      retry if alone && Deadline.drop_unread_output.any? # Who reads what it prints went just then.
      tell("refused", why: e.message)
    end

    # Baton syncs what it takes, once nobody waits for the disk; +alone+ says that it is gone.
    def put(kind, out, alone: false)
      raise Error, "The program was not ready: it has not called ready" unless @ready

      @saving.synchronize do
        state = @declared.collect
        return if kind == "checkpoint" && @closing # The final state must stay the last one.

        beside = "#{out}.#{Process.pid}.tmp"
        File.binwrite(beside, state, perm: 0o600, flags: alone ? File::SYNC : 0)
        File.rename(beside, out)
        tell("saved", kind: kind, bytes: state.bytesize, sha256: Digest::SHA256.hexdigest(state))
      end
    end

    # Unless that would say what the last one said.
    def say_hello
      hello = @declared.to_hello
      return if hello == @said

      @said = hello
      tell("hello", protocol: 1, pid: Process.pid, client: "baton-ruby/#{VERSION}", **hello)
    end

    def tell(type, **fields)
      return if @pipe&.send(type, fields)

      # Without baton a failure is for people.
      complain("component #{fields[:component].inspect} failed to stop: #{fields[:error]}") if type == "failed"
      complain("the state cannot be saved: #{fields[:why]}") if type == "refused"
    end

    def complain(text)
      warn "baton: #{text}"
    rescue SystemCallError, IOError
      nil # Nobody reads it any more.
    end

    # Where it is closing already, what is being done has a deadline.
    def on_sigterm = @closing || (@ready ? finish : Thread.main.raise(SystemExit.new(143)))

    # Ends the program from its own side.
    def finish = @pipe ? @pipe.hang_up : @left.close

    # Makes the main thread end the program; does it by force where that takes too long.
    def leave
      @left.close
      Thread.main.raise(SystemExit.new(0)) unless @main_waits
      sleep LEAVE_S
      complain("process #{Process.pid} did not leave in #{LEAVE_S} s")
      Deadline.call(LEAVE_S) { $stdout.flush }
      exit!(0)
    end
  end
end
