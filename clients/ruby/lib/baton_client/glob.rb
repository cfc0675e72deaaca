# frozen_string_literal: true

module Baton
  # Globs in .gitignore syntax.
  # @api private
  module Glob
    # As git has it.
    FLAGS = File::FNM_PATHNAME | File::FNM_DOTMATCH

    # Whether one names a path from the working directory: without a slash by its name, else from there; a folder names
    # all that is in it.
    def self.names?(glob, path)
      anywhere = "**/" unless glob.delete_suffix("/").include?("/")
      pattern = "#{anywhere}#{glob.sub(%r{\A\.?/}, "").sub(%r{/(\*\*)?\z}, "")}"
      itself = !glob.end_with?("/", "/**") && File.fnmatch?(pattern, path, FLAGS)
      itself || File.fnmatch?("#{pattern}/**/*", path, FLAGS)
    end
  end
end
