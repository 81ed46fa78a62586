-- Unkey as far as the bench needs it. Keys that begin with "good" are valid, "goodm" has a rate limit nobody reaches,
-- and a number before "ms-" is how long the answer takes: good20ms-0000001.

local counts = ngx.shared.counts
local stub = {}

local function asked()
  ngx.req.read_body()
  counts:incr("calls", 1, 0)
  local key = string.match(ngx.req.get_body_data() or "", '"key"%s*:%s*"([^"]*)"') or ""
  local delay = string.match(key, "^%a+(%d+)ms%-")
  if delay then
    ngx.sleep(delay / 1000)
  end
  return key
end

local function answer(text)
  ngx.header.content_length = #text
  ngx.print(text)
end

local function limits()
  local hour = 3600000
  local reset = (math.floor(ngx.now() * 1000 / hour) + 1) * hour
  return string.format(',"ratelimits":[{"autoApply":true,"duration":%d,"exceeded":false,"id":"rl_bench",'
    .. '"limit":1000000000,"name":"requests","remaining":999999999,"reset":%.0f}]', hour, reset)
end

function stub.verify()
  local key = asked()
  if string.sub(key, 1, 4) ~= "good" then
    answer('{"data":{"code":"NOT_FOUND","valid":false},"meta":{"requestId":"req_bench"}}')
    return
  end
  local metered = string.sub(key, 5, 5) == "m"
  answer('{"data":{"code":"VALID","enabled":true,"keyId":"key_' .. key .. '"' .. (metered and limits() or "")
    .. ',"valid":true},"meta":{"requestId":"req_bench"}}')
end

-- The same as a status, for those who cannot read a body: nginx's auth_request.
function stub.status()
  local key = asked()
  if string.sub(key, 1, 4) ~= "good" then
    ngx.status = 401
    answer("")
    return
  end
  ngx.header["X-Key-Id"] = "key_" .. key
  answer("")
end

function stub.count()
  answer(tostring(counts:get("calls") or 0))
end

function stub.upload()
  ngx.req.read_body()
  local body = ngx.req.get_body_data() or ""
  answer(string.format('{"received":%d}', #body))
end

-- What was sent, once it is all there: a proxy that does not send on when the answer has begun can take part, too.
function stub.echo()
  ngx.req.read_body()
  ngx.req.set_method(ngx.HTTP_GET)
  ngx.exec("/sent" .. ngx.req.get_body_file())
end

return stub
