# frozen_string_literal: true

module Baton
  # One connection to baton: a JSON object a line, both ways.
  # @api private
  class Pipe
    # With its newline.
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

    # Only this process's end of it: a parent's goes on.
    def close = @socket.close

    # Whether this process has opened it: a forked child has no part in it.
    def own? = @pid == Process.pid

    # Whether baton is: that is told unasked.
    def gone? = own? && !@socket.wait(IO::PRIORITY, 0).nil?

    # A lost pipe is no error here: {#receive} says so, and that is acted on.
    # @return [Boolean] whether baton is there
    def send(type, fields)
      return false unless own?

      line = "#{JSON.generate(fields.merge(type: type))}\n"
      @sending.synchronize { @socket.write(line) }
      true
    rescue SystemCallError, IOError
      hang_up
      false
    end

    # @return [Hash{Symbol => Object}, nil] the next message; nil where baton is gone
    # @raise [BadLine]
    def receive
      line = @socket.gets("\n", MAX_LINE_BYTES)
      line && JSON.parse(line.force_encoding("UTF-8"), symbolize_names: true)
    rescue JSON::ParserError, EncodingError => e
      raise BadLine, "The line is not JSON in UTF-8, or longer than #{MAX_LINE_BYTES} bytes: #{e.message}"
    rescue SystemCallError, IOError
      nil
    end

    # Ends {#receive}; sending goes on.
    def hang_up = own? && @socket.close_read
  end
end
