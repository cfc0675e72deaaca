# frozen_string_literal: true

# Counts its requests, over every edit of it. Run it with
#   baton --listen 8000 --rule greeting.txt=notify --rule settings.txt=recycle -- ruby -I clients/ruby/lib app.rb
require "baton_client"

VERSION = 1

app = Baton.join
state = app.restore({ "count" => 0 })
app.on_save { state }

greeting = 0
app.on_change("greeting.txt") { greeting = Integer(File.read("greeting.txt")) }

answer = lambda do |client|
  nil until client.gets.to_s.chomp.empty?
  state["count"] += 1
  body = JSON.generate("version" => VERSION, "count" => state["count"], "greeting" => greeting)
  client.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
  client.close
end

serving = ending = nil
serve = lambda do
  server = app.listener(default: 8000)
  ended, ending = IO.pipe
  serving = Thread.new do
    answer.call(server.accept) until IO.select([server, ended]).first.include?(ended)
    server.close
  end
end

serve.call
app.component("http", serves: true, join: -> { serving.join }, start: serve) { ending.close }
app.wait
