# frozen_string_literal: true

module Baton
  # A part of the program; see {App#component}. While it is stopped to be started again, +held+ has what it saved.
  # @api private
  Component = Struct.new(:name, :timeout, :stop, :join, :serves, :save, :start, :held) do
    # For people.
    def to_s = "Component #{name.inspect}"

    # What a hello says of it.
    def to_hello = { name: name, timeoutMs: [(timeout * 1000).round, 1].max, serves: serves || nil }.compact

    # What returns once it has ended; nil where it only saves.
    def ended = join || stop

    # Its part of the state.
    def part = held ? held.first : save.call

    # Keeps what it saves, once it has stopped.
    # @raise [Error]
    def hold = self.held = [Deadline.call(Deadline::SAVE_S, "#{self} cannot save: ") { save&.call }]

    # Starts it again, with what it saved.
    # @raise [Error]
    def resume
      Deadline.call(timeout, "#{self} did not start: ") { save ? start.call(*held) : start.call }
      self.held = nil
    end
  end
end
