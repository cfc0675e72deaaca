# frozen_string_literal: true

require "digest"
require "io/wait"
require "json"
require "monitor"
require "socket"
require_relative "baton_client/deadline"
require_relative "baton_client/component"
require_relative "baton_client/glob"
require_relative "baton_client/declared"
require_relative "baton_client/pipe"
require_relative "baton_client/listener"
require_relative "baton_client/participant"
require_relative "baton_client/app"

# Hands a running program over to its next version, together with what it knows.
#
# Theory of operation: a thread listens on the socket that +BATON_PIPE+ names. Asked to shut down it stops the
# components, saves the state and waits for "exit"; then {App#wait} returns, or where the main thread is elsewhere
# +SystemExit+ is raised there, so that +ensure+ blocks and +at_exit+ run. It does the same by itself when the pipe is
# lost (baton is gone), and on SIGTERM. +docs/protocol.md+, in baton's repository, describes the messages.
#
# @example Run it with "baton -- ruby app.rb"; without baton it works unchanged
#   require "baton_client"
#
#   app = Baton.join
#   state = app.restore({ "count" => 0 }) # the barrier: everything slow comes before it
#   ticks = Thread.new do
#     loop { sleep 1; puts state["count"] += 1 }
#   end
#   app.component("ticks") { ticks.kill.join }
#   app.on_save { state }
#   app.wait # says ready; returns when it is time to end
module Baton
  # Of this client.
  VERSION = "0.1.0"

  # What the program, or its surroundings, got wrong; it says the next step.
  class Error < StandardError; end

  # Takes part in baton's handoff; without baton, gives a stand-in that works alone. Later calls return the same
  # object. A forked child has no part in it, unless it calls this on its own.
  #
  # Where SIGTERM has its default action, it is set to end the program gracefully.
  #
  # @param exclusive [Boolean] two generations must never run at once (memory, a device): the next one starts only
  #   after this one has gone
  # @return [App]
  # @raise [Error] if baton cannot be reached
  def self.join(exclusive: false)
    return @app if @app && @pid == Process.pid

    @pid = Process.pid
    @app = App.new(exclusive)
  end

  # In a forked child: the pipe is its parent's.
  # @api private
  def self.forget = @app&.forget

  # Has a forked child let go of what is its parent's. Ruby 3.0 has no such hook: there the child keeps the pipe open,
  # and says nothing on it.
  # @api private
  module Forks
    # What every fork goes through.
    def _fork = super.tap { |pid| Baton.forget if pid.zero? }
  end

  Process.singleton_class.prepend(Forks) if Process.respond_to?(:_fork)
end
