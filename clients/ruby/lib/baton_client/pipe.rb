# frozen_string_literal: true

require "json"
require "socket"

module Baton
  # One connection to baton: a JSON object a line, both ways.
  # @api private
  class Pipe
    MAX_LINE_BYTES = 1_048_576

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
    def send(type, fields)
      return unless @pid == Process.pid # A forked child has no part in it.

      line = "#{JSON.generate(fields.merge(type: type))}\n"
      @sending.synchronize { @socket.write(line) }
    rescue SystemCallError, IOError
      hang_up
    end

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
      @socket.shutdown(Socket::SHUT_RD)
    rescue SystemCallError, IOError
      nil # Not connected any more, so there is nothing to receive.
    end

    private

    def checked(message)
      raise BadLine, "The line is no object with a type" unless message.is_a?(Hash) && message["type"].is_a?(String)

      asks = %w[shutdown checkpoint].include?(message["type"])
      lacks = asks && !message["out"].is_a?(String)
      lacks ||= message["type"] == "shutdown" && !message["deadlineMs"].is_a?(Numeric)
      raise BadLine, "The line lacks what belongs to its type" if lacks

      message
    end
  end
end
