# frozen_string_literal: true

# Counts its requests, over every edit of it: "baton --listen 8000 -- ruby -I clients/ruby/lib app.rb".
require "baton_client"

VERSION = 1

app = Baton.join
state = app.restore({ "count" => 0 })
server = app.listener(default: 8000)
ended, ending = IO.pipe

answer = lambda do |client|
  nil until client.gets.to_s.chomp.empty?
  state["count"] += 1
  body = JSON.generate("version" => VERSION, "count" => state["count"])
  client.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
  client.close
end

serving = Thread.new do
  answer.call(server.accept) until IO.select([server, ended]).first.include?(ended)
end

app.component("http", serves: true, join: -> { serving.join }) { ending.close }
app.on_save { state }
app.wait
