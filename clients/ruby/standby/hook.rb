# frozen_string_literal: true

# Run by Ruby before anything of the program, by RUBYOPT. It notes which files are compiled, or compiles those
# ahead that a run before has noted and waits. None of them is run ahead, unless asked for (ahead.rb): "require"
# takes what is compiled in place of the file, where that is what it was, and all that a program can see happens
# as in a cold start.
# See docs/standby.md.

how, view = ENV.delete("BATON_STANDBY").to_s.lines(chomp: true)
mode, place = how.to_s.split(":", 2)
flag = "-r" + __FILE__
given = ENV["RUBYOPT"].to_s
if given == flag
  ENV.delete("RUBYOPT")
else
  ENV["RUBYOPT"] = given.sub(flag + " ", "")
end

escape = lambda do |text|
  text.b.gsub("\\".b) { "\\\\".b }.gsub("\t".b) { "\\t".b }.gsub("\n".b) { "\\n".b }
end
encode = lambda do |*fields|
  fields.map { |field| escape.(Array === field ? field.map(&:b).join("\x1f".b) : field) }.join("\t".b) + "\n"
end
decode = lambda do |line|
  line.chomp.split("\t", -1).map do |field|
    field.split("\\\\", -1).map { |part| part.gsub("\\t", "\t").gsub("\\n", "\n") }.join("\\")
  end
end

lineage = lambda do
  rows = []
  pid = Process.pid
  session = nil
  while pid > 1
    stat = File.binread("/proc/#{pid}/stat").rpartition(")")[2].split
    break if session && stat[3] != session
    session = stat[3]
    children = Dir.children("/proc/#{pid}/task").flat_map do |task|
      File.read("/proc/#{pid}/task/#{task}/children").split
    end
    reaped = stat[8].to_i + stat[10].to_i > 0 ? 1 : 0
    rows << "#{pid},#{reaped},#{children.uniq.size},#{File.readlink("/proc/#{pid}/exe")}"
    pid = stat[1].to_i
  end
  rows
rescue SystemCallError
  rows << "#{pid},1,0,?"
end

streams = lambda do
  script = File.exist?($0) ? File.realpath($0) : nil
  Dir.children("/proc/self/fd").map(&:to_i).sort.map do |number|
    link = File.readlink("/proc/self/fd/#{number}")
    plain = link.start_with?("/") && !link.start_with?("/dev/") && !link.end_with?("/fd") && link != script
    link if number < 3 || plain
  rescue SystemCallError
    nil
  end.compact
end

identity = lambda do
  written = File.read("/proc/self/io")[/wchar: (\d+)/, 1] != "0"
  odd = []
  odd << "it reads its program from its input" if $0 == "-"
  odd << "it is traced" if $LOADED_FEATURES.any? { |path| path =~ /\/(debug|byebug|coverage|tracer)(\/|\.)/ }
  command = File.binread("/proc/self/cmdline").split("\0")
  [Process.pid.to_s, File.readlink("/proc/self/exe"), Dir.pwd, command, lineage.(), streams.(), written ? "1" : "", odd]
end

# What a file is compiled by, but for its text.
settings = lambda do
  kinds = %i[deprecated experimental performance].map { |kind| Warning[kind] rescue nil }
  [$VERBOSE, $DEBUG, RubyVM::InstructionSequence.compile_option, kinds]
end
stamp = lambda do |path|
  stat = File.stat(path)
  [stat.ino, stat.dev, stat.size, stat.mtime, stat.ctime] if stat.file?
rescue SystemCallError
  nil
end

learn = lambda do |folder|
  pid = Process.pid
  path = File.join(folder, pid.to_s)
  over = File.join(folder, "over")
  # What has started over is who it was at first: it has written and read since.
  pending = [File.exist?(over) ? File.binread(over).lines.last : encode.("who", *identity.())]
  flushed = 0.0
  ends = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 20
  searched = nil
  seen = {}
  trace = TracePoint.new(:script_compiled) do |point|
    now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    next trace.disable if now > ends || Process.pid != pid
    file = point.eval_script ? nil : point.instruction_sequence&.path
    next if file.nil? || !file.start_with?("/") || seen[file]
    seen[file] = true
    if searched != $LOAD_PATH.size
      searched = $LOAD_PATH.size
      pending << encode.("path", $LOAD_PATH.map(&:to_s))
    end
    pending << encode.("import", file)
    if now - flushed > 0.005
      File.binwrite(path, pending.join, File.size(path))
      pending.clear
      flushed = now
    end
  rescue SystemCallError
    trace.disable # The folder is gone: nothing is learned.
  end
  File.binwrite(path, pending.join, perm: 0o600)
  pending.clear
  trace.enable
end

compile = lambda do |path|
  before = stamp.(path)
  warned = false
  Warning.define_singleton_method(:warn) { |*, **| warned = true }
  code = RubyVM::InstructionSequence.compile_file(path)
  before && before == stamp.(path) && !warned ? [before, code] : nil
rescue ScriptError, SystemCallError, ArgumentError
  nil
ensure
  Warning.singleton_class.send(:remove_method, :warn)
end

# By its system calls: what "require" of a library leaves would be seen.
connect = lambda do |address|
  socket, connection = { "x86_64" => [41, 42], "aarch64" => [198, 203] }.fetch(RUBY_PLATFORM[/^[^-]+/])
  verbose, $VERBOSE = $VERBOSE, nil
  descriptor = syscall(socket, 1, 1 | 0o2000000, 0)
  name = [1].pack("S") + address.b + "\0"
  syscall(connection, descriptor, [name].pack("P").unpack1("J"), name.bytesize)
  $VERBOSE = verbose
  IO.for_fd(descriptor, "r+b").tap { |io| io.sync = true }
end

# It executes itself in place, and is a cold start with the same process id.
start_over = lambda do |folder, why, who|
  File.binwrite(File.join(folder, "over"), encode.("over", "-1", why) + encode.("who", *who), perm: 0o600)
  ENV["BATON_STANDBY"] = "learn:#{folder}"
  ENV["RUBYOPT"] = given
  name, *words = File.binread("/proc/self/cmdline").split("\0")
  own = File.readlink("/proc/self/exe")
  places = name.include?("/") ? [name] : ENV["PATH"].to_s.split(":").map { |folder| File.join(folder, name) }
  # By the path that it was started by: that gives the process its name.
  program = places.find { |place| File.exist?(place) && File.realpath(place) == own }
  exec([program || own, name], *words)
end

park = lambda do |address|
  line = connect.(address)
  who = identity.()
  line.write(encode.("here", *who))
  read = lambda do
    text = line.gets
    exit!(0) if text.nil?
    decode.(text.force_encoding(Encoding::UTF_8))
  end
  word, listed, cut, notes, roots, others, own = read.()
  exit!(97) if word != "warm"
  began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  score = "/proc/self/oom_score_adj"
  own_score = File.read(score)
  File.write(score, "500")
  inside = lambda { |path, folders| folders.split("\x1f").any? { |folder| path.start_with?(folder.delete_suffix("/") + "/") } }
  watched = lambda { |path| inside.(path, roots) && !inside.(path, others) }
  modules = 0
  stale = differs = -> {}
  unless own.nil?
    path = File.join(__dir__, "ahead.rb")
    refuse = lambda do |name, why|
      line.write(encode.("leave", name, why))
      sleep # It is ended: it has done what it must not.
    end
    ahead = eval(File.read(path), binding, path) # The program's own would keep the last match: $~.
    modules, stale, differs = ahead.(own.split("\x1f").drop(1), watched, stamp, refuse)
  end
  files = File.binread(listed).lines.map { |row| decode.(row.force_encoding(Encoding::UTF_8)) }
    .select { |kind, _| kind == "import" }.map(&:last).first(cut.to_i)
    .reject { |path| watched.(path) || $LOADED_FEATURES.include?(path) }
  by = settings.()
  compiled = files.map { |path| [path, compile.(path)] }.to_h.compact
  GC.start unless own.nil? # Else it would be as soon as the process is let go.
  took = (Process.clock_gettime(Process::CLOCK_MONOTONIC) - began) * 1000
  line.write(encode.("parked", files.size.to_s, (modules + compiled.size).to_s, took.round(1).to_s))
  fresh = 1 # So long, in seconds, what was looked at is not looked at again.
  checked = nil
  loop do
    word, *fields = read.()
    case word
    when "check" # What is compiled is looked at when it is required.
      why = stale.()
      checked = why.nil? && Process.clock_gettime(Process::CLOCK_MONOTONIC)
      line.write(why ? encode.("stale", why) : "fresh\n")
    when "go"
      fields[0].split("\x1f").each do |pair|
        name, value = pair.split("=", 2)
        ENV[name] = value unless name == "BATON_STANDBY"
      end
      line.write("runs\n")
      break
    else
      exit!(word == "die" ? 0 : 97)
    end
  end
  recently = checked && Process.clock_gettime(Process::CLOCK_MONOTONIC) - checked < fresh
  why = differs.() || (stale.() unless recently)
  line.close
  File.write(score, own_score)
  start_over.(notes, why, who) if why
  RubyVM::InstructionSequence.define_singleton_method(:load_iseq) do |path|
    was, code = compiled.delete(path)
    singleton_class.send(:remove_method, :load_iseq) if compiled.empty?
    code if code && was == stamp.(path) && by == settings.() && !defined?(::Coverage)
  end
end

begin
  raise NotImplementedError if RUBY_ENGINE != "ruby" || RUBY_VERSION < "2.7"
  learn.(place) if mode == "learn"
  park.(place) if mode == "park"
  unless view.to_s.empty?
    path = File.join(__dir__, "view.rb")
    eval(File.read(path), TOPLEVEL_BINDING.dup, path).(view)
  end
rescue Exception
  exit!(98) if mode == "park" # It must not run: it would be a second instance of the program.
end
