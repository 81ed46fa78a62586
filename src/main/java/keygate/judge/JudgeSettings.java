package keygate.judge;

import java.time.Duration;

/**
 * How many answers are remembered, and how long at most.
 *
 * @param keep how long an admission is held at all: the longest that any route trusts one
 * @param maxEntries the most admissions remembered
 * @param deniedHold the longest that a denial is remembered
 * @param maxDenied the most denials remembered; a budget of their own, so that garbage never evicts good keys
 */
public record JudgeSettings(Duration keep, long maxEntries, Duration deniedHold, long maxDenied) {}
