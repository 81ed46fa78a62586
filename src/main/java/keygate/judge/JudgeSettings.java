package keygate.judge;

import java.time.Duration;

/**
 * How long answers are remembered, and how many.
 *
 * @param fresh how long an admission is served without a call
 * @param maxEntries the most admissions remembered
 * @param deniedHold the longest that a denial is remembered
 * @param maxDenied the most denials remembered; a budget of their own, so that garbage never evicts good keys
 */
public record JudgeSettings(Duration fresh, long maxEntries, Duration deniedHold, long maxDenied) {}
