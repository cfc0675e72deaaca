# frozen_string_literal: true

require_relative "stopping"

module Baton
  # Stops the components and starts them again, each with what it saved, in the same process.
  # @api private
  module Recycling
    SAVE_S = 5.0

    module_function

    # @raise [Error] where one cannot be started again, with nothing done; and where one does not stop in time, or fails:
    #   what has stopped by then keeps what it saved, for the state and for another try
    # @yield [type, fields] what is to be said to baton
    def recycle(components, within, &say)
      why = fault(components)
      raise Error, why if why

      failed = Stopping.stop(components.reject(&:held), within, &say)
      components.each { |each| hold(each) if each.start && !each.held && !failed[each.name] }
      failed.each { |name, error| raise Error, "Component #{name.inspect} did not stop: #{error}" }
      components.each { |each| start(each) if each.held }
    end

    # Why they cannot be stopped and started again; what only saves goes on as it is.
    def fault(components)
      once = components.find { |each| !each.start && (each.stop || each.join) }
      return "Component #{once.name.inspect} has no start" if once

      "No component has a start" if components.none?(&:start)
    end

    def hold(component)
      saved = nil
      error = Stopping.call(SAVE_S, -> { saved = component.save&.call })
      raise Error, "Component #{component.name.inspect} cannot save: #{error}" if error

      component.held = [saved]
    end

    def start(component)
      saved = component.save ? component.held : []
      error = Stopping.call(component.timeout, -> { component.start.call(*saved) })
      raise Error, "Component #{component.name.inspect} did not start: #{error}" if error

      component.held = nil
    end
  end
end
