# frozen_string_literal: true

require_relative "lib/baton_client"

Gem::Specification.new do |gem|
  gem.name = "baton-client"
  gem.version = Baton::VERSION
  gem.summary = "Hand a running program over to its next version, together with what it knows"
  gem.authors = ["The authors of baton"]
  gem.license = "MIT"
  gem.files = Dir["lib/**/*.rb"] + ["README.md"]
  gem.required_ruby_version = ">= 3.0"
  gem.metadata = { "rubygems_mfa_required" => "true" }
end
