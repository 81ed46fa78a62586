package keygate.proxy;

import java.time.Duration;

/**
 * Where a route leads, and how long it waits.
 *
 * @param upstream the service
 * @param response the most that may pass between the end of the request and the head of the response
 * @param idle the most that may pass without a byte moving while a body streams; noticed after at most a quarter more
 */
public record ProxyRule(Upstream upstream, Duration response, Duration idle) {}
