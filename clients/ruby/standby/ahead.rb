# frozen_string_literal: true

# What a program requires before it does anything else, required ahead of it: "--standby own". Only what can be
# read off its files counts: lines that require something by its name, one after the other, from the main script
# on, and into the first file of the project that is required there. So nothing of the program could have changed
# what the libraries look at. Where these lines are others by then, the process is a cold start.
# It is evaluated, not loaded: a program would find a file that was.

plain = /\A\s*(require|require_relative)(?: +|\()(["'])([^"'\\#]+)\2\)?\s*(?:#.*)?\z/
blank = /\A\s*(?:#.*)?\z/

# The names that are required first, from a file on.
first = lambda do |path, watched, names = []|
  lines = File.binread(path).lines(chomp: true)
  return names if lines.grep(/\A\s*BEGIN\b/).any?
  lines.reject! { |line| blank.match?(line) }
  lines.each_cons(2) do |line, following|
    _, kind, _, name = *plain.match(line)
    return names if name.nil? || following.match?(/\A\s*&?\./)
    relative = kind == "require_relative"
    return names if !relative && name.start_with?(".", "/", "~")
    next names << name unless relative
    file = File.expand_path(name.delete_suffix(".rb"), File.dirname(File.realpath(path))) + ".rb"
    return watched.(file) && File.file?(file) ? first.(file, watched, names) : names
  end
  names
rescue SystemCallError, ArgumentError
  names
end

# Whether nothing but the main script decides what comes first.
fit = lambda do |watched|
  words = File.binread("/proc/self/cmdline").split("\0").drop(1)
  options = words.take_while { |word| word.start_with?("-") }
  File.file?($0) && words[options.size] == $0 && !ENV.key?("RUBYOPT") && $LOAD_PATH.none? { |one| watched.(one.to_s + "/") } &&
    options.all? { |option| option.match?(/\A(-w|-W\S*|-I\S+|--(yjit|jit|enable|disable|encoding)\S*)\z/) }
end

# What a library does by which it would be another one, or do something too early.
acts = %i[at_exit trap fork spawn system exec ` popen open exit abort gets]
reads = %i[
  read binread readlines foreach open new sysopen write binwrite glob [] entries children each_child
  exist? empty? file? directory? stat mtime size
]
calls = %i[caller caller_locations]
# It only asks for the first of them.
asks_for_one = "/ruby/#{RUBY_VERSION[/^\d+\.\d+/]}.0/timeout.rb"
looks = lambda do |point|
  next false if point.path.include?("/rubygems")
  if point.event == :c_return
    next false if !calls.include?(point.method_id) || point.path.end_with?(asks_for_one)
    next Array(point.return_value).any? { |frame| frame.to_s.start_with?(__FILE__) }
  end
  next true if acts.include?(point.method_id)
  reads.include?(point.method_id) && [IO, Dir].any? { |one| Class === point.self && point.self <= one }
end

# One that waits until it is told to do something does nothing until then.
to_s = Thread.instance_method(:to_s)
act = lambda do |threads|
  50.times do
    threads = threads.select { |thread| thread.alive? && !to_s.bind(thread).call.include?(" sleep_forever") }
    break if threads.empty?
    sleep 0.002
  end
  threads.any?
end

# What it would leave behind outside of itself.
outside = lambda do
  written = File.read("/proc/self/io")[/wchar: (\d+)/, 1]
  [Dir.children("/proc/self/fd").size, written, Dir.pwd, $stdout, $stderr, ENV.to_h]
end

# Requires it; returns why that cannot be done ahead.
try = lambda do |name, watched|
  before = outside.()
  threads = Thread.list
  had = $LOADED_FEATURES.size
  why = nil
  trace = TracePoint.new(:c_call, :c_return) { |point| why ||= "calls #{point.method_id} in #{point.path}" if looks.(point) }
  trace.enable { require name }
  why ||= "starts a thread" if act.(Thread.list - threads)
  why ||= "leaves something behind" if before != outside.()
  why || ("would load a file of the project" if $LOADED_FEATURES.drop(had).any?(&watched))
rescue Exception => e
  "fails: #{e.class}"
end

# Requires them, but for what was left out; returns how many files that were, what of them is not as it was on the
# disk, and what the program does differently by the time it is let go.
lambda do |left, watched, stamp, refuse|
  names = fit.(watched) ? first.($0, watched) : []
  names = names.take_while { |name| !left.include?(name) }
  had = $LOADED_FEATURES.size
  names.each do |name|
    why = try.(name, watched)
    refuse.(name, "#{name} #{why}") if why
  end
  stamps = $LOADED_FEATURES.drop(had).map { |path| [path, stamp.(path)] }
  stale = lambda do
    path, = stamps.find { |one, was| was != stamp.(one) }
    "#{path.inspect} has changed" if path
  end
  differs = lambda do
    "it does not require #{names.join(", ")} first any more" if first.($0, watched).first(names.size) != names
  end
  [stamps.size, stale, differs]
end
