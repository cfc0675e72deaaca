# frozen_string_literal: true

module Baton
  # Who reads which changed files anew.
  # @api private
  class Changes
    FLAGS = File::FNM_PATHNAME | File::FNM_DOTMATCH

    # Whether a glob in .gitignore syntax names a path from the working directory: without a slash by its name, else from
    # there; a folder names all that is in it.
    def self.names?(glob, path)
      pattern = glob.delete_suffix("/")
      pattern = pattern.include?("/") ? pattern.sub(%r{\A\.?/}, "") : "**/#{pattern}"
      pattern = pattern.sub(%r{/\*\*\z}, "/**/*")
      itself = !glob.end_with?("/") && File.fnmatch?(pattern, path, FLAGS)
      itself || File.fnmatch?("#{pattern}/**/*", path, FLAGS)
    end

    def initialize = @readers = []

    def add(glob, reader) = @readers += [[glob, reader]]

    def empty? = @readers.empty?

    # Has the paths read anew.
    # @raise [Error] where no glob names one; and what the readers raise
    def tell(paths)
      named = @readers.flat_map do |glob, reader|
        own = paths.select { |path| Changes.names?(glob, path) }
        reader.call(own) unless own.empty?
        own
      end
      unnamed = (paths - named).first
      raise Error, "No callback names #{unnamed.inspect}" if unnamed
    end
  end
end
