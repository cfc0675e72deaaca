# frozen_string_literal: true

require "json"
require_relative "changes"
require_relative "recycling"

module Baton
  # @api private
  Component = Struct.new(:name, :timeout, :stop, :join, :serves, :save, :start, :held) do
    # Its part of the state: what it saved, while it is stopped to be started again.
    def part = held ? held.first : save.call

    # What a hello says of it.
    def to_hello
      hello = { name: name, timeoutMs: [(timeout * 1000).round, 1].max }
      serves ? hello.merge(serves: true) : hello
    end
  end

  # What a program declares: its components, and how its state is saved.
  # @api private
  class Declared
    attr_accessor :has_barrier, :save
    attr_reader :components, :changes

    def initialize(exclusive)
      @exclusive = exclusive
      @changes = Changes.new
      @components = []
    end

    def add(component)
      name = component.name
      raise Error, "Cannot add component #{name.inspect}: there is one" if @components.any? { |each| each.name == name }
      unless (1..200).cover?(name.length) && component.timeout.positive?
        raise Error, "Cannot add component #{name.inspect}: a name has 1 to 200 characters, a timeout is above 0"
      end

      @components << component
    end

    def to_hello
      offers = { "handoff" => has_barrier, "checkpoint" => save || @components.any?(&:save), "exclusive" => @exclusive,
                 "notify" => !@changes.empty?, "recycle" => !Recycling.fault(@components) }
      { capabilities: offers.select { |_, offered| offered }.keys, components: @components.map(&:to_hello) }
    end

    # The state, as the program's blocks return it.
    def collect
      parts = @components.select(&:save).to_h { |each| [each.name, each.part] }
      raise Error, "Nothing saves: call on_save, or give a component a save" if save.nil? && parts.empty?

      state = save ? save.call : {}
      unless parts.empty?
        raise Error, "With components that save, on_save must return a hash" unless state.is_a?(Hash)

        state = state.merge(parts)
      end
      JSON.generate(state)
    end
  end
end
