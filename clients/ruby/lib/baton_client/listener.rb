# frozen_string_literal: true

module Baton
  # The sockets that baton holds, and the program inherits (+--listen+).
  # @api private
  module Listener
    FIRST = 3 # as sd_listen_fds(3) has it

    module_function

    def find(name, default)
      held = names
      at = name ? held.index(name) : 0
      return adopt(FIRST + at) if at && at < held.size
      raise Error, "No socket #{name.inspect} is held, but #{held.inspect}" unless held.empty?
      raise Error, "No socket is held: start baton with --listen PORT, or name a default to bind" if default.nil?

      TCPServer.new("127.0.0.1", default)
    end

    # In their order. Baton's may go through a shell or another launcher, which has another pid.
    def names
      return [] unless ENV.key?("BATON_VERSION") || ENV["LISTEN_PID"] == Process.pid.to_s

      names = ENV.fetch("LISTEN_FDNAMES", "").split(":")
      Array.new(ENV.fetch("LISTEN_FDS", "0").to_i) { |at| names[at] || "" }
    end

    # As a copy, so that who closes it can get it again; no child of the program inherits it.
    def adopt(descriptor)
      original = Socket.for_fd(descriptor)
      original.autoclose = false
      original.close_on_exec = true
      copy = original.dup
      copy.autoclose = false
      (original.local_address.unix? ? UNIXServer : TCPServer).for_fd(copy.fileno)
    rescue SystemCallError => e
      raise Error, "Descriptor #{descriptor} was not passed on by who started this program: #{e.message}"
    end
  end
end
