# frozen_string_literal: true

require "json"
require "socket"

module Baton
  # One connection to baton: a JSON object a line, both ways.
  # @api private
  class Pipe
    MAX_LINE_BYTES = 1_048_576

    # What is needed to act on a message, by its type.
    NEEDS = {
      "shutdown" => { "out" => String, "deadlineMs" => Numeric },
      "checkpoint" => { "out" => String },
      "changed" => { "step" => Integer, "paths" => Array, "deadlineMs" => Numeric },
      "recycle" => { "step" => Integer, "deadlineMs" => Numeric }
    }.freeze

    # Baton said something that does not fit the protocol.
    class BadLine < StandardError; end

    def initialize(address)
      @sending = Mutex.new
      @pid = Process.pid
      @socket = UNIXSocket.new(address)
    rescue SystemCallError => e
      raise Error, "Cannot reach baton, unset BATON_PIPE to run alone: #{e.message}"
    end

    # A lost pipe is no error here: {#receive} says so, and that is acted on.
    # @return [Boolean] whether baton is there
    def send(type, fields)
      return false unless @pid == Process.pid # A forked child has no part in it.

      line = "#{JSON.generate(fields.merge(type: type))}\n"
      @sending.synchronize { @socket.write(line) }
      true
    rescue SystemCallError, IOError
      hang_up
      false
    end

    # Only this process's end of it: a parent's goes on.
    def close = @socket.close

    # @return [Hash, nil] the next message; nil where baton is gone
    # @raise [BadLine]
    def receive
      line = @socket.gets("\n", MAX_LINE_BYTES)
      return if line.nil?
      raise BadLine, "The line is longer than #{MAX_LINE_BYTES} bytes" if line.bytesize >= MAX_LINE_BYTES
      return unless line.end_with?("\n")

      checked(JSON.parse(line.force_encoding("UTF-8")))
    rescue JSON::ParserError, EncodingError => e
      raise BadLine, "The line is not JSON in UTF-8: #{e.message}"
    rescue SystemCallError, IOError
      nil
    end

    # Ends {#receive}; sending goes on.
    def hang_up
      @socket.shutdown(Socket::SHUT_RD) if @pid == Process.pid
    rescue SystemCallError, IOError
      nil # Not connected any more, so there is nothing to receive.
    end

    private

    def checked(message)
      raise BadLine, "The line is no object with a type" unless message.is_a?(Hash) && message["type"].is_a?(String)

      needs = NEEDS.fetch(message["type"], {})
      lacks = needs.find { |name, kind| !message[name].is_a?(kind) }
      raise BadLine, "The line has no valid #{lacks.first.inspect}" if lacks

      message
    end
  end
end
