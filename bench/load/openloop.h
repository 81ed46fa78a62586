/* What to ask, and how to report it. */
#ifndef OPENLOOP_H
#define OPENLOOP_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    int port, connections, routes, bursts;
    double rate, seconds;
    const char *kind, *prefix, *leaf;
    uint64_t keys, first;
    size_t body;
    uint64_t seed;
} plan;

void plan_read(plan *p, int argc, char **argv);

/* Writes the head of the request with this index, and returns its size. */
size_t plan_request(plan *p, uint64_t index, char *to, size_t room);

/* Prints one JSON object; sorts the latencies, which are microseconds. */
void plan_report(
    uint32_t *latencies, uint64_t count, uint64_t errors, uint64_t refused, uint64_t unfinished, double seconds);

#endif
