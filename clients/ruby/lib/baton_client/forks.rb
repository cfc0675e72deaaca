# frozen_string_literal: true

module Baton
  # Has a forked child let go of what is its parent's. Ruby 3.0 has no such hook: there the child keeps the pipe open, and
  # says nothing on it.
  # @api private
  module Forks
    def _fork = super.tap { |pid| Baton.forget if pid.zero? }
  end
end

Process.singleton_class.prepend(Baton::Forks) if Process.respond_to?(:_fork)
