# frozen_string_literal: true

# What a program can see of its process, written down once it has come to rest: a function of the file to write.
#
# For BATON_STANDBY=verify and for tests: the same program is looked at where it was started cold and where it
# comes from standby. Who looks is a thread, there in both, that keeps nothing alive. It is evaluated, not
# loaded: a program would find a file that was.

each_step = 0.1
rest = 0.6
longest = 20
busy = 0.01

escape = lambda do |text|
  text.b.force_encoding(Encoding::UTF_8).scrub.gsub(/["\\\x00-\x1f]/) { |one| format("\\u%04x", one.ord) }
end
json = lambda do |value|
  case value
  when nil then "null"
  when true, false, Integer then value.to_s
  when Array then "[" + value.map(&json).join(",") + "]"
  when Hash then "{" + value.map { |key, one| json.(key.to_s) + ":" + json.(one) }.join(",") + "}"
  else "\"" + escape.(value.to_s) + "\""
  end
end

# Whatever a class has made of these itself.
reflect = %i[name instance_method instance_methods private_instance_methods constants ancestors class_variables]
  .map { |name| [name, Module.instance_method(name)] }.to_h
singletons = Kernel.instance_method(:singleton_methods)
about = ->(what, of, *arguments) { reflect.fetch(what).bind(of).call(*arguments) }
place = lambda do |of, name|
  about.(:instance_method, of, name).source_location&.join(":")
rescue NameError
  nil
end
# What is in an anonymous class has an address in its name.
address = /0x\h+/
named = ->(one) { about.(:name, one)&.gsub(address, "anonymous") || "anonymous" }

describe = lambda do |one|
  methods = about.(:instance_methods, one, false) + about.(:private_instance_methods, one, false)
  {
    "inherits" => about.(:ancestors, one).map(&named),
    "constants" => about.(:constants, one, false).sort,
    "variables" => about.(:class_variables, one, false).sort,
    "methods" => methods.sort.map { |name| "#{name} #{place.(one, name)}" },
    "own methods" => singletons.bind(one).call(false).sort
  }
end

lines = lambda do |path, *names|
  File.foreach(path, mode: "rb").select { |line| line.start_with?(*names) }
end

# What is compiled ahead is found by this one, until all of it is used.
finds_compiled = :load_iseq

seen = lambda do |looker|
  classes = ObjectSpace.each_object(Module).reject { |one| named.(one).include?("anonymous") }
  held = classes.sort_by(&named).map { |one| [named.(one), describe.(one)] }.to_h
  held.fetch("RubyVM::InstructionSequence", {}).fetch("own methods", []).delete(finds_compiled)
  descriptors = Dir.children("/proc/self/fd").map do |number|
    File.readlink("/proc/self/fd/#{number}").split(/[:\d]/).first
  rescue SystemCallError
    nil # The list itself.
  end
  {
    "features" => $LOADED_FEATURES.reject { |path| path.start_with?("#{__dir__}/") },
    "path" => $LOAD_PATH.map(&:to_s),
    "gems" => defined?(Gem) ? Gem.loaded_specs.keys : [],
    "arguments" => ARGV,
    "program" => [$0, Process.argv0],
    "environment" => ENV.to_h.reject { |name, _| name.start_with?("BATON_") },
    "environment's order" => ENV.keys,
    "standby" => ENV.key?("BATON_STANDBY"),
    "folder" => Dir.pwd,
    "modules" => held,
    "globals" => global_variables.sort,
    "main" => singletons.bind(TOPLEVEL_BINDING.receiver).call.sort,
    "constants" => Object.constants.sort,
    "warnings" => [$VERBOSE, $DEBUG, %i[deprecated experimental].map { |kind| Warning[kind] }],
    "compiling" => RubyVM::InstructionSequence.compile_option.map { |pair| pair.join("=") },
    "encodings" => [Encoding.default_external, Encoding.default_internal].map(&:to_s),
    "streams" => [$stdin, $stdout, $stderr].map { |one| [one.class, one.respond_to?(:sync) && one.sync] },
    "threads" => Thread.list.reject { |one| one == looker }.map { |one| one.name.to_s }.sort,
    "descriptors" => descriptors.compact.sort,
    "status" => lines.("/proc/self/status", "Umask", "SigIgn", "SigBlk", "SigCgt"),
    "title" => File.binread("/proc/self/comm"),
    "score" => File.read("/proc/self/oom_score_adj")
  }
end

used = -> { Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) }
now = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC) }

lambda do |path|
  Thread.new do
    ends = now.() + longest
    before = used.()
    quiet = 0
    while quiet < rest && now.() < ends
      sleep(each_step)
      spent = used.() - before
      before += spent
      quiet = spent < busy ? quiet + each_step : 0
    end
    File.binwrite("#{path}.new", json.(seen.(Thread.current)))
    File.rename("#{path}.new", path)
  end
end
