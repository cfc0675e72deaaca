# frozen_string_literal: true

module Baton
  # Stops the components: some are told first and waited for later, and what serves goes on until the end.
  # @api private
  module Stopping
    # A call: whether the component begins to stop by it, and whether it has ended once that returns.
    Step = Struct.new(:component, :call, :begins, :ends)

    module_function

    def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

    # What is called, in this order: the last added first, those that serve after all others.
    def plan(components)
      [false, true].flat_map do |serves|
        group = components.reverse.select { |each| each.serves == serves }
        told = group.select { |each| each.stop && each.join }
        ended = group.select { |each| each.stop || each.join }
        told.map { |each| Step.new(each, each.stop, true, false) } +
          ended.map { |each| Step.new(each, each.join || each.stop, !told.include?(each), true) }
      end
    end

    # Stops them within their own times, which count from when each is told, and +within+ seconds in all.
    # @yield [type, fields] what is to be said to baton
    # @return [Hash{String => String}] what went wrong, by the component
    def stop(components, within)
      whole = within - [within * 0.2, 1.0].min # The rest is for saving.
      stop_by = now + whole
      began = {}
      failed = {}
      steps = plan(components)
      steps.each_with_index do |step, at|
        name, timeout = step.component.to_a
        next if failed[name]

        if step.begins
          began[name] = now
          yield "stopping", component: name
        end
        # One whose own time is over when its turn comes has ended, as a rule.
        own = [began[name] + timeout - now, [timeout, 0.2].min].max
        later = whole * 0.25 * (steps.size - at - 1) / steps.size # One that hangs cannot take it all.
        error = Stopping.call([own, [stop_by - now - later, 0].max].min, step.call)
        if error
          failed[name] = error
          yield "failed", component: name, error: error
        elsif step.ends
          yield "stopped", component: name, elapsedMs: ((now - began[name]) * 1000).round(3)
        end
      end
      failed
    end

    # Calls a block of the program on a thread of its own, and gives it up once the time is over.
    # @return [String, nil] what went wrong
    def call(within, block)
      error = nil
      thread = Thread.new do
        block.call
      rescue SystemExit
        nil # The program is on its way out already.
      rescue Exception => e # rubocop:disable Lint/RescueException
        error = "#{e.class}: #{e.message}"
      end
      return error&.slice(0, 4000) if thread.join(within)

      thread.kill
      "No end after #{(within * 1000).round} ms"
    end
  end
end
