/*
 * An open-loop HTTP/1.1 load generator: requests are due at fixed times whatever becomes of the earlier ones, and
 * latency counts from the moment a request was due, so that a stall is not hidden by the requests it kept from being
 * sent. Every latency is kept, the percentiles are exact. One thread, Linux only.
 *
 * With -B it sends bursts instead: all connections ask at once, each burst with a key of its own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "openloop.h"

typedef struct {
    int fd, busy, wants_out;
    uint64_t due;
    char request[1024];
    size_t head_size, sent;
    answer answer;
} conn;

static plan p;
static conn *conns;
static int *idle, idle_head, idle_count;
static int poller, timer;
static char *body;
static uint32_t *latencies;
static uint64_t done, errors, refused, unfinished;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * 1000000000u + (uint64_t) t.tv_nsec;
}

static void wait_until(uint64_t when) {
    struct itimerspec at = {{0, 0}, {(time_t) (when / 1000000000u), (long) (when % 1000000000u)}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void put_idle(int i) {
    idle[(idle_head + idle_count++) % p.connections] = i;
}

static int take_idle(void) {
    int i = idle[idle_head];
    idle_head = (idle_head + 1) % p.connections;
    idle_count--;
    return i;
}

static void watch(int i, int operation, int out) {
    struct epoll_event event = {.events = EPOLLIN | (out ? EPOLLOUT : 0), .data.u32 = (uint32_t) i};
    conns[i].wants_out = out;
    epoll_ctl(poller, operation, conns[i].fd, &event);
}

static void open_connection(int i) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t) p.port)};
    int on = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    conns[i].fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(conns[i].fd, (struct sockaddr *) &to, sizeof to) != 0) {
        perror("connect");
        exit(1);
    }
    setsockopt(conns[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(i, EPOLL_CTL_ADD, 0);
}

static void record(uint64_t due) {
    uint64_t took = (now() - due) / 1000;
    latencies[done++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t) took;
}

static void broken(int i) {
    int busy = conns[i].busy;
    close(conns[i].fd);
    if (busy) {
        errors++;
        record(conns[i].due);
    }
    conns[i].busy = 0;
    open_connection(i);
    if (busy) {
        put_idle(i);
    }
}

static void send_more(int i) {
    conn *c = &conns[i];
    size_t whole = c->head_size + p.body;
    while (c->sent < whole) {
        struct iovec parts[2];
        int count = 0;
        if (c->sent < c->head_size) {
            parts[count++] = (struct iovec) {c->request + c->sent, c->head_size - c->sent};
        }
        if (p.body > 0) {
            size_t from = c->sent > c->head_size ? c->sent - c->head_size : 0;
            parts[count++] = (struct iovec) {body + from, p.body - from};
        }
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t) count};
        ssize_t n = sendmsg(c->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EAGAIN) {
                if (!c->wants_out) {
                    watch(i, EPOLL_CTL_MOD, 1);
                }
                return;
            }
            broken(i);
            return;
        }
        c->sent += (size_t) n;
    }
    if (c->wants_out) {
        watch(i, EPOLL_CTL_MOD, 0);
    }
}

static void begin(int i, uint64_t due, uint64_t index) {
    conn *c = &conns[i];
    c->busy = 1;
    c->due = due;
    c->sent = 0;
    answer_begin(&c->answer);
    c->head_size = plan_request(&p, index, c->request, sizeof c->request);
    send_more(i);
}

static void finish(int i) {
    record(conns[i].due);
    conns[i].busy = 0;
    put_idle(i);
}

static void readable(int i) {
    conn *c = &conns[i];
    for (;;) {
        size_t room;
        char *to = answer_room(&c->answer, &room);
        ssize_t n = recv(c->fd, to, room, MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) {
            return;
        }
        if (n <= 0 || !c->busy) {
            broken(i);
            return;
        }
        if (answer_add(&c->answer, (size_t) n)) {
            refused += !c->answer.ok;
            finish(i);
            return;
        }
        if ((size_t) n < room) {
            return;
        }
    }
}

/* Serves what is ready; waits for it, or for the timer, up to so many milliseconds. */
static void serve(int millis) {
    struct epoll_event events[256];
    int n = epoll_wait(poller, events, 256, millis);
    for (int e = 0; e < n; e++) {
        uint32_t i = events[e].data.u32;
        if (i == UINT32_MAX) {
            uint64_t ticks;
            (void) !read(timer, &ticks, sizeof ticks);
        } else {
            if (events[e].events & EPOLLOUT) {
                send_more((int) i);
            }
            if (events[e].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
                readable((int) i);
            }
        }
    }
}

static void open_loop(uint64_t total) {
    uint64_t start = now() + 1000000, issued = 0;
    uint64_t last = start + (uint64_t) (p.seconds * 1e9) + 3000000000u;
    while (done < total && now() < last) {
        uint64_t due = 0;
        while (issued < total && idle_count > 0 && (due = start + (uint64_t) (issued * 1e9 / p.rate)) <= now()) {
            begin(take_idle(), due, issued++);
        }
        if (issued < total && idle_count > 0) {
            wait_until(due);
        }
        serve(100);
    }
    for (int i = 0; i < p.connections; i++) {
        if (conns[i].busy) {
            unfinished++;
            record(conns[i].due);
        }
    }
    for (; issued < total; issued++, unfinished++) {
        record(start + (uint64_t) (issued * 1e9 / p.rate));
    }
}

static void bursts(void) {
    for (int b = 0; b < p.bursts; b++) {
        uint64_t start = now(), begun = done;
        for (int i = 0; i < p.connections; i++) {
            begin(take_idle(), start, (uint64_t) b);
        }
        while (done - begun < (uint64_t) p.connections && now() - start < 10000000000u) {
            serve(100);
        }
        if (done - begun < (uint64_t) p.connections) {
            fprintf(stderr, "burst %d was not answered\n", b);
            exit(1);
        }
        uint64_t pause = now() + 100000000u;
        while (now() < pause) {
            serve(10);
        }
    }
}

int main(int argc, char **argv) {
    plan_read(&p, argc, argv);
    uint64_t total = p.bursts ? (uint64_t) p.bursts * (uint64_t) p.connections : (uint64_t) (p.rate * p.seconds);
    conns = calloc((size_t) p.connections, sizeof *conns);
    idle = calloc((size_t) p.connections, sizeof *idle);
    latencies = calloc(total + 1, sizeof *latencies);
    body = calloc(1, p.body + 1);
    poller = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
    epoll_ctl(poller, EPOLL_CTL_ADD, timer, &event);
    for (int i = 0; i < p.connections; i++) {
        open_connection(i);
        put_idle(i);
    }
    uint64_t start = now();
    if (p.bursts) {
        bursts();
    } else {
        open_loop(total);
    }
    plan_report(latencies, done, errors, refused, unfinished, (double) (now() - start) / 1e9);
    return 0;
}
