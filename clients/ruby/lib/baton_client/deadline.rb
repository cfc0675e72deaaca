# frozen_string_literal: true

module Baton
  # Calls of the program's blocks.
  # @api private
  module Deadline
    # For what saves while the program goes on: baton waits 10 s for it.
    SAVE_S = 9.0

    # @return [Float] seconds of a clock that only goes on
    def self.now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

    # Calls a block on a thread of its own, and gives it up once the time is over.
    # @return [Object] what it returns
    # @raise [Error] what went wrong, after +failing+
    def self.call(within, failing = "")
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
