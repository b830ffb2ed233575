-- Prints what wrk measured as one line of JSON. With the argument "statuses" it also counts the answers by status,
-- which costs the load generator time, so it is not used where throughput is measured.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  ok, unavailable, other = 0, 0, 0
  if args[1] == "statuses" then
    response = function(status)
      if status == 200 then ok = ok + 1
      elseif status == 503 then unavailable = unavailable + 1
      else other = other + 1 end
    end
  end
end

function done(summary, latency)
  local sums = { ok = 0, unavailable = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do sums[name] = sums[name] + thread:get(name) end
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"maxMs":%f,"lost":%d,"notOk":%d,'
      .. '"ok":%d,"unavailable":%d,"other":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    sums.ok, sums.unavailable, sums.other))
end
