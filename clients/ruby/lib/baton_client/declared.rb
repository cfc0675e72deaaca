# frozen_string_literal: true

module Baton
  # What a program declares: its components, how its state is saved, and who reads which changed files anew.
  # @api private
  class Declared
    # Whether {App#restore} was called; and what {App#on_save} was given.
    attr_accessor :has_barrier, :save

    # Components, in their order; and pairs of a glob and a block, of {App#on_change}.
    attr_reader :components, :readers

    def initialize(exclusive)
      @exclusive = exclusive
      @components = []
      @readers = []
    end

    # @raise [Error]
    def add(component)
      raise Error, "#{component} is there already" if @components.any? { |each| each.name == component.name }
      raise Error, "#{component} needs a name of 1 to 200 characters" unless (1..200).cover?(component.name.length)
      raise Error, "#{component} needs a timeout above 0" unless component.timeout.positive?

      @components += [component]
    end

    # @return [Hash]
    def to_hello
      offers = { "handoff" => has_barrier, "checkpoint" => save || @components.any?(&:save), "exclusive" => @exclusive,
                 "notify" => @readers.any?, "recycle" => !irrevocable }
      { capabilities: offers.select { |_, offered| offered }.keys, components: @components.map(&:to_hello) }
    end

    # The state, as the program's blocks return it.
    def collect
      parts = @components.select(&:save).to_h { |each| [each.name, each.part] }
      raise Error, "Nothing saves: call on_save, or give a component a save" if save.nil? && parts.empty?

      state = save ? save.call : {}
      raise Error, "With components that save, on_save must return a hash" unless parts.empty? || state.is_a?(Hash)

      JSON.generate(parts.empty? ? state : state.merge(parts))
    end

    # Has changed files read anew.
    # @raise [Error] where no glob names one, with nothing read; and what the blocks raise
    def tell(paths)
      named = @readers.map { |glob, reader| [reader, paths.select { |path| Glob.names?(glob, path) }] }
      unnamed = (paths - named.flat_map(&:last)).first
      raise Error, "No callback names #{unnamed.inspect}" if unnamed

      named.each { |reader, own| reader.call(own) unless own.empty? }
    end

    # Stops the components within their own times, which count from when each is told, and +within+ seconds in all.
    # @yield [type, fields] what is to be said to baton
    # @return [Hash{Component => String}] what went wrong
    def stop(within)
      whole = within - [within * 0.2, 1.0].min # The rest is for saving.
      stop_by = Deadline.now + whole
      began = {}.compare_by_identity
      failed = {}.compare_by_identity
      steps = plan
      steps.each_with_index do |(component, block, ends), at|
        next if failed.key?(component)

        yield "stopping", component: component.name unless began.key?(component)
        now = Deadline.now
        # One whose own time is over when its turn comes has ended, as a rule.
        own = [(began[component] ||= now) + component.timeout - now, [component.timeout, 0.2].min].max
        later = whole * 0.25 * (steps.size - at - 1) / steps.size # One that hangs cannot take it all.
        Deadline.call([own, [stop_by - now - later, 0].max].min, &block)
        next unless ends

        yield "stopped", component: component.name, elapsedMs: ((Deadline.now - began[component]) * 1000).round(3)
      rescue Error => e
        failed[component] = e.message
        yield "failed", component: component.name, error: e.message
      end
      failed
    end

    # Stops the components and starts them again, each with what it saved, in the same process.
    # @raise [Error] where one cannot be started again, with nothing done; and where one does not stop in time, or
    #   fails: what has stopped by then keeps what it saved, for the state and for another try
    def recycle(within, &say)
      raise Error, irrevocable if irrevocable

      failed = stop(within, &say)
      @components.each { |each| each.hold if each.start && !each.held && !failed.key?(each) }
      raise Error, "#{failed.keys.first} did not stop: #{failed.values.first}" if failed.any?

      @components.select(&:held).each(&:resume)
    end

    private

    # What is called of which component, and whether that has ended then, in this order: the last added first, those
    # that serve after all others. What can be joined is told first, and waited for later.
    def plan
      @components.reject(&:held).reverse.partition { |each| !each.serves }.flat_map do |group|
        told = group.select { |each| each.stop && each.join }
        told.map { |each| [each, each.stop, false] } + group.select(&:ended).map { |each| [each, each.ended, true] }
      end
    end

    # Why they cannot be stopped and started again; what only saves goes on as it is.
    def irrevocable
      once = @components.find { |each| each.ended && !each.start }
      return "#{once} has no start" if once

      "No component has a start" if @components.none?(&:start)
    end
  end
end
