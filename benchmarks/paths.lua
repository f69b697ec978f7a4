-- Asks for the addresses of a file, one a line, each connection's thread beginning at another place.
-- wrk -s paths.lua URL -- FILE

local threads = 0
local requests = {}
local place = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  place = number * 17
end

function request()
  place = place % #requests + 1
  return requests[place]
end
