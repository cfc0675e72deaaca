# frozen_string_literal: true

module Baton
  # This program's part in the handoff, made by {Baton.join}. Any thread may call its methods.
  class App
    include Participant

    # @return [Integer] number of this run under baton, from 1 on; 1 without baton
    attr_reader :generation

    # @return [Array<String>] changed paths behind this start, relative to the working directory; empty at first
    attr_reader :changed

    # The state that the last generation saved, as JSON holds it (keys are strings), or +default+ where there is none.
    #
    # This is the barrier: beside a live generation it returns only when that one has saved its state and is gone. Load
    # and prepare before it; bind ports and start threads after it. Where components save, the state is one hash with a
    # key a component.
    #
    # @param default [Object] what the first generation starts with
    # @return [Object]
    # @raise [Error] if the state cannot be read; baton keeps it
    def restore(default)
      wait_for_start if @pipe
      @state_file ? JSON.parse(File.read(@state_file, encoding: "UTF-8")) : default
    rescue SystemCallError, JSON::ParserError => e
      raise Error, "Cannot read the state #{@state_file.inspect} (--fresh starts without it): #{e.message}"
    end

    # The socket that baton holds (+--listen+): who connects while one generation hands over to the next waits in its
    # queue, and nobody is refused. Call it after {#restore}.
    #
    # @param name [String, nil] the port, or the file of a Unix socket; the first one without it
    # @param default [Integer, nil] a port of 127.0.0.1, bound where none is held
    # @return [TCPServer, UNIXServer]
    # @raise [Error] where there is none
    def listener(name = nil, default: nil) = Listener.find(name, default)

    # Adds a part of the program. Its block ends it, and returns when it has ended. The parts are stopped in reverse
    # order, those that serve after all others; then those with +save+ give their part of the state.
    #
    # @param name [String] 1 to 200 characters, its key in the state
    # @param timeout [Numeric] seconds, from when it is told
    # @param join [Proc, nil] with it the block only tells the part to end, and this returns when it has: all that have
    #   one are told before the first is waited for
    # @param serves [Boolean] others reach the program by it: it goes on until everything else has ended
    # @param save [Proc, nil] returns what JSON can hold; it becomes +state[name]+
    # @param start [Proc, nil] starts it again in this process, within +timeout+, with what +save+ returned, where there
    #   is that: see {#recycle}
    # @return [void]
    # @raise [Error] for a name that is taken or too long, and a timeout that is not above 0
    def component(name, timeout: 5.0, join: nil, serves: false, save: nil, start: nil, &stop)
      declare { |own| own.add(Component.new(name, timeout, stop, join, serves, save, start)) }
    end

    # Sets what reads changed data files anew, where a rule of baton's says +notify+: the block is called with those
    # paths that the glob names (.gitignore syntax), relative to the working directory. Where it raises, or is late, the
    # program is restarted.
    #
    # @param glob [String]
    # @yieldparam paths [Array<String>]
    # @return [void]
    def on_change(glob, &block) = declare { |own| own.readers << [glob, block] }

    # Sets what returns the whole state, as JSON can hold it; with components that save, a hash. It is called after all
    # components have stopped, and for checkpoints while the program runs: then hold a lock where the state changes.
    #
    # @yieldreturn [Object]
    # @return [void]
    def on_save(&block) = declare { |own| own.save = block }

    # Says that the program serves. Nothing is saved before; again, it does nothing.
    # @return [void]
    def ready
      declare do
        return if @ready || @closing

        @ready = true
      end
      tell("ready")
    end

    # Saves the state now, for the case that the program crashes. Outside baton it does nothing.
    # @return [void]
    # @raise [Error] before {#ready}, and where nothing saves; and what the program's own blocks raise
    def checkpoint = @pipe && put("checkpoint", @out)

    # Stops every component, the last added first, and starts all again in order, in this process, each with what it
    # saved. It is what baton asks for where a rule says +recycle+; by hand it works without baton, too.
    #
    # @param within [Numeric] seconds, until all have stopped
    # @return [void]
    # @raise [Error] where one has no +start+, does not stop in time, or raises. Nothing is lost by that: what has
    #   stopped keeps what it saved, for the state and for another try.
    def recycle(within = ALONE_S)
      @stopping.synchronize do
        raise Error, "The program is being stopped" if @closing

        @declared.recycle(within, &method(:tell))
      end
    end

    # Says {#ready}, and blocks until the program is to end, with every component stopped. Meanwhile SIGINT ends it,
    # too.
    # @return [void]
    def wait
      @main_waits = true
      signals = @pipe ? %w[INT] : %w[INT TERM]
      signals.each { |signal| handle(signal) { finish } }
      # Ruby takes a main thread that waits, and no other is there, for a deadlock.
      idle = Thread.new { loop { sleep 3_600 } }
      ready
      @left.pop
      give_back(*signals) # The next one ends it at once.
      shut_down(nil, ALONE_S) unless @pipe
    ensure
      idle&.kill
      give_back(*signals)
    end
  end
end
