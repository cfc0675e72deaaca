# frozen_string_literal: true

module Baton
  # Calls of the program's blocks.
  # @api private
  module Deadline
    # For what saves while the program goes on: baton waits 10 s for it.
    SAVE_S = 9.0

    # @return [Float] seconds of a clock that only goes on
    def self.now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

    # Has what nobody reads any more written nowhere: where baton is killed its pipe for stderr is gone, too, and a block
    # that prints would raise. Waits for that for +within+ seconds each.
    # @return [Array<IO>]
    def self.drop_unread_output(within = 0)
      # That nobody reads is told unasked.
      unread = [STDOUT, STDERR].reject { |output| output.closed? || output.wait(IO::PRIORITY, within).nil? }
      # What these have buffered would be written first: other objects have nothing.
      unread.each { |output| IO.for_fd(output.fileno, autoclose: false).reopen(File::NULL) }
    end

    # Calls a block on a thread of its own, and gives it up once the time is over.
    # @return [Object] what it returns
    # @raise [Error] what went wrong, after +failing+
    def self.call(within, failing = "")
      drop_unread_output
      thread = Thread.new do
        Thread.current.report_on_exception = false
        yield
      rescue SystemExit
        nil # The program is on its way out already.
      rescue Exception => e # rubocop:disable Lint/RescueException
        raise Error, "#{failing}#{e.class}: #{e.message}"[0, 4000]
      end
      return thread.value if thread.join(within)

      thread.kill
      raise Error, "#{failing}No end after #{(within * 1000).round} ms"
    end
  end
end
