-- Lets a request pass whose key is valid and within its limit. Verdicts are in a shared dict: served for so long as
-- they are fresh; whoever finds one stale asks anew, while the others are still served from it.

local cjson = require "cjson.safe"

local verdicts, meters = ngx.shared.verdicts, ngx.shared.meters
local DENIED, VALID, METERED = 1, 2, 3
local gate = {}

local function remember(key, data)
  local kind, value = DENIED, ""
  if data.valid then
    kind, value = VALID, data.keyId
    local limit = data.ratelimits and data.ratelimits[1]
    if limit then
      kind = METERED
      local seconds = math.max(1, limit.reset / 1000 - ngx.now())
      meters:add(value, limit.remaining, seconds)
      value = value .. " " .. limit.limit .. " " .. string.format("%.0f", limit.reset)
    end
  end
  verdicts:set(key, value, kind == DENIED and 5 or gate.fresh, kind)
  return value, kind
end

local function ask(key)
  local answer = ngx.location.capture("/_verify", { method = ngx.HTTP_POST, body = cjson.encode({ key = key }) })
  local read = answer.status == 200 and cjson.decode(answer.body)
  if not read or not read.data then
    return nil
  end
  return remember(key, read.data)
end

local function verdict(key)
  local value, kind, stale = verdicts:get_stale(key)
  if not value then
    return ask(key)
  elseif stale and verdicts:add("?" .. key, "", 1) then
    return ask(key)
  end
  return value, kind
end

local function count(value)
  local id, limit, reset = string.match(value, "^(%S+) (%S+) (%S+)$")
  local left = meters:incr(id, -1, tonumber(limit))
  if left < 0 then
    return ngx.exit(429)
  end
  ngx.header["X-RateLimit-Limit"] = limit
  ngx.header["X-RateLimit-Remaining"] = left
  ngx.header["X-RateLimit-Reset"] = reset
  return id
end

function gate.pass()
  local header = ngx.var.http_authorization
  if not header or string.sub(header, 1, 7) ~= "Bearer " then
    return ngx.exit(401)
  end
  local id, kind = verdict(string.sub(header, 8))
  if not id then
    return ngx.exit(503)
  elseif kind == DENIED then
    return ngx.exit(401)
  elseif kind == METERED then
    id = count(id)
  end
  ngx.var.key_id = id
  ngx.var.principal = '{"keyId":"' .. id .. '"}'
end

return gate
