-- Posts the offers of a file, one a line: address, cookie and form, parted by tabs.
-- wrk -s pledge.lua URL -- FILE RUN
-- Each post carries a key of its own, which begins with RUN: a key of an earlier load would be answered as done already.
-- Says how many were answered 303 to the page of a pledge, and what the first other answer was.

local threads = {}
local offers = {}
local sent = 0
done_well = 0
done_otherwise = 0
first_other = ""

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init(args)
  run = args[2]
  for line in io.lines(args[1]) do
    local path, cookie, form = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = {
      ["Host"] = wrk.headers["Host"],
      ["Cookie"] = cookie,
      ["Content-Type"] = "application/x-www-form-urlencoded",
    }
    offers[#offers + 1] = { path, headers, form }
  end
end

function request()
  local offer = offers[sent % #offers + 1]
  sent = sent + 1
  local key = string.format("%s-%d-%d", run, number, sent)
  return wrk.format("POST", offer[1], offer[2], offer[3] .. "&idempotency_key=" .. key)
end

function response(status, headers, body)
  local where = headers["Location"] or headers["location"] or ""
  if status == 303 and where:find("/pledges/", 1, true) then
    done_well = done_well + 1
  else
    done_otherwise = done_otherwise + 1
    if first_other == "" then
      local said = (body:match("<main.->(.*)</main>") or body):gsub("<[^>]*>", " "):gsub("%s+", " ")
      first_other = status .. " " .. where .. " " .. said:sub(1, 1000)
    end
  end
end

function done(summary, latency, requests)
  local well, otherwise = 0, 0
  for _, thread in ipairs(threads) do
    well = well + thread:get("done_well")
    otherwise = otherwise + thread:get("done_otherwise")
    if thread:get("first_other") ~= "" then
      io.write("Another answer: ", thread:get("first_other"), "\n")
    end
  end
  io.write("Offers taken: ", well, "\nOther answers: ", otherwise, "\n")
end
