/* The requests of the open-loop generator: the same keys and routes as in keys.lua. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "openloop.h"

void plan_read(plan *p, int argc, char **argv) {
    *p = (plan) {.connections = 64, .routes = 1, .rate = 1000, .seconds = 1, .kind = "one", .prefix = "good",
                 .leaf = "small", .keys = 1, .seed = 88172645463325252u};
    int option;
    while ((option = getopt(argc, argv, "p:c:r:d:k:K:F:x:n:l:b:B:")) != -1) {
        switch (option) {
            case 'p': p->port = atoi(optarg); break;
            case 'c': p->connections = atoi(optarg); break;
            case 'r': p->rate = atof(optarg); break;
            case 'd': p->seconds = atof(optarg); break;
            case 'k': p->kind = optarg; break;
            case 'K': p->keys = strtoull(optarg, NULL, 10); break;
            case 'F': p->first = strtoull(optarg, NULL, 10); break;
            case 'x': p->prefix = optarg; break;
            case 'n': p->routes = atoi(optarg); break;
            case 'l': p->leaf = optarg; break;
            case 'b': p->body = strtoull(optarg, NULL, 10); break;
            case 'B': p->bursts = atoi(optarg); break;
            default: exit(2);
        }
    }
    if (p->port == 0 || p->connections < 1 || p->rate <= 0) {
        fprintf(stderr, "usage: openloop -p port [-c connections] [-r rate] [-d seconds] [-k one|uniform|zipf|unique]\n"
                        "  [-K keys] [-F first unique] [-x prefix] [-n routes] [-l leaf] [-b body] [-B bursts]\n");
        exit(2);
    }
}

static uint64_t dice(plan *p) {
    p->seed ^= p->seed << 13;
    p->seed ^= p->seed >> 7;
    p->seed ^= p->seed << 17;
    return p->seed;
}

static double chance(plan *p) {
    return (double) (dice(p) >> 11) / 9007199254740992.0;
}

/* Zipf with exponent 1: the k-th key is asked for with a likelihood of nearly 1/k. */
static uint64_t key(plan *p, uint64_t index) {
    if (strcmp(p->kind, "uniform") == 0) {
        return dice(p) % p->keys;
    }
    if (strcmp(p->kind, "zipf") == 0) {
        return (uint64_t) pow((double) p->keys + 1, chance(p)) - 1;
    }
    return strcmp(p->kind, "unique") == 0 ? p->first + index : p->first;
}

size_t plan_request(plan *p, uint64_t index, char *to, size_t room) {
    unsigned route = p->routes > 1 ? (unsigned) (dice(p) % (unsigned) p->routes) : 0;
    unsigned long long number = p->bursts ? p->first + index : key(p, index);
    char length[48] = "";
    if (p->body > 0) {
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", p->body);
    }
    int size = snprintf(to, room, "%s /r%u/%s HTTP/1.1\r\nHost: bench.test\r\nAuthorization: Bearer %s%07llu\r\n%s\r\n",
                        p->body > 0 ? "POST" : "GET", route, p->leaf, p->prefix, number, length);
    if (size < 0 || (size_t) size >= room) {
        fprintf(stderr, "the request is too long\n");
        exit(2);
    }
    return (size_t) size;
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return x < y ? -1 : x > y;
}

static uint32_t at(const uint32_t *sorted, uint64_t count, double share) {
    uint64_t rank = (uint64_t) ceil(share * (double) count);
    return count == 0 ? 0 : sorted[rank == 0 ? 0 : rank - 1];
}

void plan_report(
    uint32_t *latencies, uint64_t count, uint64_t errors, uint64_t refused, uint64_t unfinished, double seconds) {
    qsort(latencies, count, sizeof *latencies, ascending);
    printf("{\"requests\":%llu,\"errors\":%llu,\"refused\":%llu,\"unfinished\":%llu,\"seconds\":%.4f,\"p50\":%u,"
           "\"p90\":%u,\"p99\":%u,\"p999\":%u,\"max\":%u}\n",
           (unsigned long long) count, (unsigned long long) errors, (unsigned long long) refused,
           (unsigned long long) unfinished, seconds, at(latencies, count, 0.5), at(latencies, count, 0.9),
           at(latencies, count, 0.99), at(latencies, count, 0.999), at(latencies, count, 1));
}
