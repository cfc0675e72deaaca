# frozen_string_literal: true

require "json"
require_relative "component"
require_relative "listener"

module Baton
  # This program's part in the handoff, made by {Baton.join}. Any thread may call its methods.
  class App
    # @api private
    def initialize(participant)
      @participant = participant
    end

    # @return [Integer] number of this run under baton, from 1 on; 1 without baton
    def generation = @participant.generation

    # @return [Array<String>] changed paths behind this start, relative to the working directory; empty at first
    def changed = @participant.changed

    # The state that the last generation saved, as JSON holds it (keys are strings), or +default+ where there is none.
    #
    # This is the barrier: beside a live generation it returns only when that one has saved its state and is gone. Load
    # and prepare before it; bind ports and start threads after it. Where components save, the state is one hash with a
    # key a component.
    #
    # @raise [Error] if the state cannot be read; baton keeps it
    def restore(default)
      path = @participant.wait_for_start
      return default if path.nil?

      begin
        JSON.parse(File.read(path, encoding: "UTF-8"))
      rescue SystemCallError, JSON::ParserError => e
        raise Error, "Cannot read the state #{path.inspect} (--fresh starts without it): #{e.message}"
      end
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
    # @param timeout [Numeric] seconds, from when it is told
    # @param join [Proc, nil] with it the block only tells the part to end, and this returns when it has: all that have
    #   one are told before the first is waited for
    # @param serves [Boolean] others reach the program by it: it goes on until everything else has ended
    # @param save [Proc, nil] returns what JSON can hold; it becomes +state[name]+
    # @param start [Proc, nil] starts it again in this process, within +timeout+, with what +save+ returned, where there
    #   is that: see {#recycle}
    # @raise [Error] for a name that is taken or too long, and a timeout that is not above 0
    def component(name, timeout: 5.0, join: nil, serves: false, save: nil, start: nil, &stop)
      @participant.declare { |own| own.add(Component.new(name, timeout, stop, join, serves, save, start)) }
    end

    # Sets what reads changed data files anew, where a rule of baton's says +notify+: the block is called with those paths
    # that the glob names (.gitignore syntax), relative to the working directory. Where it raises, or is late, the program
    # is restarted.
    def on_change(glob, &block)
      @participant.declare { |own| own.changes.add(glob, block) }
    end

    # Stops every component, the last added first, and starts all again in order, in this process, each with what it
    # saved. It is what baton asks for where a rule says +recycle+; by hand it works without baton, too.
    #
    # @raise [Error] where one has no +start+, does not stop in time, or raises. Nothing is lost by that: what has stopped
    #   keeps what it saved, for the state and for another try.
    def recycle = @participant.recycle

    # Sets what returns the whole state, as JSON can hold it; with components that save, a hash. It is called after all
    # components have stopped, and for checkpoints while the program runs: then hold a lock where the state changes.
    def on_save(&block)
      @participant.declare { |own| own.save = block }
    end

    # Says that the program serves. Nothing is saved before; again, it does nothing.
    def ready = @participant.get_ready

    # Saves the state now, for the case that the program crashes. Outside baton it does nothing.
    # @raise [Error] before {#ready}, and where nothing saves; and what the program's own blocks raise
    def checkpoint = @participant.checkpoint

    # Says {#ready}, and blocks until the program is to end, with every component stopped. Meanwhile SIGINT ends it,
    # too.
    def wait = @participant.wait
  end
end
