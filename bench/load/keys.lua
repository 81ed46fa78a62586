-- The closed loop of wrk: the same keys and routes as in plan.c.
-- Arguments: kind (one, uniform, zipf, unique), keys, first unique, prefix, routes, leaf, body.

local kind, keys, first, prefix, routes, leaf, body
local requests, numbers = {}, 0

local function render(number, route)
  local key = string.format("%s%07d", prefix, number)
  return wrk.format(body and "POST" or "GET", "/r" .. route .. "/" .. leaf,
    { Host = "bench.test", Authorization = "Bearer " .. key }, body)
end

function init(args)
  kind, keys, first = args[1], tonumber(args[2]), tonumber(args[3])
  prefix, routes, leaf = args[4], tonumber(args[5]), args[6]
  if tonumber(args[7]) > 0 then
    body = string.rep("\0", tonumber(args[7]))
  end
  -- Short runs would ask for the same keys again and again.
  math.randomseed(os.time())
  if kind == "uniform" or kind == "zipf" then
    for number = 0, keys - 1 do
      requests[number] = render(number, 0)
    end
  else
    for route = 0, routes - 1 do
      requests[route] = render(first, route)
    end
  end
end

function request()
  if kind == "uniform" then
    return requests[math.random(0, keys - 1)]
  elseif kind == "zipf" then
    return requests[math.floor((keys + 1) ^ math.random()) - 1]
  elseif kind == "unique" then
    numbers = numbers + 1
    return render(first + numbers - 1, 0)
  end
  return requests[routes > 1 and math.random(0, routes - 1) or 0]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.4f,"bytes":%d,"refused":%d,"errors":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
